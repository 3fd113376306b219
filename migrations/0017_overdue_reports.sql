CREATE TABLE `overdue_reports` (
	`day` text PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`cases` integer NOT NULL
);
