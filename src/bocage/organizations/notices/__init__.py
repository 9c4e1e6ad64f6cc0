"""Telling people that something concerns them: kept in the database, shown in the console, mailed in a digest."""
