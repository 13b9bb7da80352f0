"""How learning management systems name files and columns, and write times."""
