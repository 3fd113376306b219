CREATE TABLE `search_stale` (
	`ticket_id` integer PRIMARY KEY NOT NULL
);
