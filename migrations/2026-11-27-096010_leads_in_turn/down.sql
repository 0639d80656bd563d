DROP INDEX leads_in_turn;
