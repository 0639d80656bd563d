-- Why: back to forecasts that are forgotten each day.
DROP TABLE forecast_snapshot_deals;
DROP TABLE forecast_snapshots;
DROP TABLE forecast_adjustments;
