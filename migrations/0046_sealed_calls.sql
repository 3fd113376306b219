ALTER TABLE `recording_seals` ADD `call_facts` text;
