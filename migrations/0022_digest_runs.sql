CREATE TABLE `digest_runs` (
	`period` text PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`messages` integer NOT NULL
);
