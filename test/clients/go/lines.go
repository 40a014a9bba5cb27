package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"
)

var answers = bufio.NewReader(os.Stdin)

// say prints a message as one line.
func say(message map[string]any) {
	line, err := json.Marshal(message)
	check(err)
	fmt.Println(string(line))
}

// listen waits for the answer to the last message.
func listen() string {
	line, err := answers.ReadString('\n')
	check(err)
	return line[:len(line)-1]
}

// report says how a call ended. Grant is empty for one that asks for no token.
func report(operation, grant, outcome string) {
	message := map[string]any{"operation": operation, "grant": nil, "outcome": outcome}
	if grant != "" {
		message["grant"] = grant
	}
	say(message)
}

// open has somebody decide in a browser and returns where the browser was sent at last.
func open(address, decision string) string {
	say(map[string]any{"open": address, "decision": decision})
	return listen()
}

func rfc3339(seconds int64) string { return time.Unix(seconds, 0).UTC().Format(time.RFC3339) }

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
