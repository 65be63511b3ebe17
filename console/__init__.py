"""The console: caseworkers keep the directory true, coordinators read what was missing; it never sees a person."""
