CREATE TABLE `desk_phones` (
	`person_id` integer PRIMARY KEY NOT NULL
);
