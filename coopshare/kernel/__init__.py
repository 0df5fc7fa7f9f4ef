"""Pure Python shared by every part: no SQL, no Flask, no import from another part of CoopShare."""
