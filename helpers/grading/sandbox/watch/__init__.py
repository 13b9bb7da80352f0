"""What looks after a running sandbox from outside: how much it uses, and when it must end."""
