DROP TABLE view_rows;
DROP TABLE saved_views;
