"""What every method stands on: alliance, people, consent, calendars, bookings, text guard."""
