-- When the file goes that may have been staged for a run which was then never sent; it holds the job's environment.
alter table job add column unsent_launch_due_at timestamp with time zone;
