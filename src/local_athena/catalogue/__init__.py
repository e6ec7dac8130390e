"""Tables and views: what statements see, and how views stand in Glue."""
