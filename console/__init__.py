"""The console: caseworkers keep the directory true, coordinators read what was missing. Never a person's words."""
