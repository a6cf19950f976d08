// Filled in by the commands.
return 0;
