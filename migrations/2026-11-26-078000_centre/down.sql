DROP TABLE bookings;
DROP TABLE visits;
DROP TABLE places;
