-- Why: back to a roadmap that is a picture in a presentation.
DROP TABLE target_alerts;
DROP TABLE milestone_alerts;
DROP TABLE milestone_moves;
DROP TABLE milestone_needs;
DROP TABLE milestones;
