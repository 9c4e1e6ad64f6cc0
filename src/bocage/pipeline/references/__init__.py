"""What the data says of references: who points to them, what a change of theirs breaks, and files of the State that become one."""
