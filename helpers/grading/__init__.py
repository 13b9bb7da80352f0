"""What instructors run: execute, refresh, release, kit, and the demonstration class. Students do not get this."""
