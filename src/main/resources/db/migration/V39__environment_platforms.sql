-- For which release and architecture an environment is built: its cluster's name may stand for another cluster before a job starts in it.
alter table environment add column platform varchar(300);
