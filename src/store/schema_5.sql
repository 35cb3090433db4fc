-- What one submission asks of the others, without reading them all: the newest versions of a week, a county's last one.

create index submission_week on submission (week, county, version);
create index submission_county on submission (county, leaf_index);
create index mapping_county on mapping (county, id);
