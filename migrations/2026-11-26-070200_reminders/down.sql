DROP TABLE day_reminders;
