-- When the bytes were last known to be in the store: whoever refers to them then need not ask the store.
alter table artifact add column stored_at timestamp with time zone;
