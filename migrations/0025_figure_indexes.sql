CREATE INDEX `deadlines_began` ON `deadlines` (`started_at`) WHERE "deadlines"."kind" = 'officer';--> statement-breakpoint
CREATE INDEX `ticket_events_bounced` ON `ticket_events` (`at`) WHERE "ticket_events"."type" = 'bounced';--> statement-breakpoint
CREATE INDEX `ticket_events_returned` ON `ticket_events` (`at`) WHERE "ticket_events"."type" = 'answerReturned';