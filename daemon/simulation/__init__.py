"""The whole daemon against the whole exchange in virtual time, from one seed."""
