DROP TABLE team_places;
DROP TABLE team_policies;
