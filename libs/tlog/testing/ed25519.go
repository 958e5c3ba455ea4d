//go:build ignore

// Reads cases of vectors/ed25519.json as a JSON array on standard input and writes what crypto/ed25519 says of each, true or false, a line each.
package main

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
)

func main() {
	var cases []struct{ Message, PublicKey, Signature string }
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		log.Fatal(err)
	}
	for _, c := range cases {
		var parts [3][]byte
		for i, text := range []string{c.PublicKey, c.Message, c.Signature} {
			bytes, err := hex.DecodeString(text)
			if err != nil {
				log.Fatal(err)
			}
			parts[i] = bytes
		}
		fmt.Println(ed25519.Verify(parts[0], parts[1], parts[2]))
	}
}
