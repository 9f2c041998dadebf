"""Forms: fields that know a record's values and what is wrong with them."""
