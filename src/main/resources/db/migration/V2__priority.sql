alter table job add column priority int default 0 not null;
