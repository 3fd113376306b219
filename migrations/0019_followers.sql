ALTER TABLE `tickets` ADD `follows_id` integer;--> statement-breakpoint
CREATE INDEX `tickets_follows` ON `tickets` (`follows_id`) WHERE "tickets"."follows_id" IS NOT NULL;--> statement-breakpoint
UPDATE tickets SET follows_id = (
  SELECT parent.id FROM ticket_events AS merged JOIN tickets AS parent ON parent.code = merged.detail ->> 'parentCode'
  WHERE merged.ticket_id = tickets.id AND merged.type = 'merged' ORDER BY merged.id DESC LIMIT 1
) WHERE state = 'merged';
