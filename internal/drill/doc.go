// Package drill rehearses a recovery: it loads a snapshot into the emulator, plays an
// incident there, recovers with the code that recovers a tenant, through real HTTP, and
// says what came back, what did not and why, and how long it took.
//
// It owns the way from a snapshot's objects to Graph bodies ([records]), the form of
// scenarios and what they select ([Scenario]), and what a rehearsal concludes ([Result]).
// It never touches a tenant: it listens on loopback and speaks to what it listens on, and
// takes neither an address nor a credential from anybody.
//
// It must not know flags, how a result is shown, or any kind by its name; scenarios are
// files.
package drill
