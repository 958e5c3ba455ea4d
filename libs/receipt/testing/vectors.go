//go:build ignore

// Writes vectors/receipt.json: receipts made by golang.org/x/mod/sumdb/note and tlog, which share no code with this library.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run vectors.go > ../vectors/receipt.json
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type object map[string]interface{}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// signer makes the note key of a seed of 32 equal bytes.
func signer(name string, fill byte) (note.Signer, string) {
	skey, vkey, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{fill}, 32)), name)
	check(err)
	made, err := note.NewSigner(skey)
	check(err)
	return made, vkey
}

func sign(text string, by note.Signer) string {
	signed, err := note.Sign(&note.Note{Text: text}, by)
	check(err)
	return string(signed)
}

// leaves are the leaf hashes of the items of request number i.
func leaves(request, items int) [][]byte {
	all := [][]byte{}
	for i := 0; i < items; i++ {
		hash := sha256.Sum256([]byte(fmt.Sprintf("item %d of request %d", i, request)))
		all = append(all, hash[:])
	}
	return all
}

func entry(items [][]byte) []byte {
	hash := sha256.Sum256(bytes.Join(items, nil))
	return hash[:]
}

// group is a tree over the entries of requests with so many items each.
func group(items []int) (tree []tlog.Hash, reader tlog.HashReader) {
	reader = tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = tree[index]
		}
		return found, nil
	})
	for i, count := range items {
		hashes, err := tlog.StoredHashes(int64(i), entry(leaves(i, count)), reader)
		check(err)
		tree = append(tree, hashes...)
	}
	return tree, reader
}

func text(origin string, size int, root tlog.Hash, time string) string {
	return fmt.Sprintf("%s\n%d\n%s\nt %s\n", origin, size, root, time)
}

func main() {
	const origin = "example.com/log"
	const time = "2026-03-02T09:30:00.123Z"
	_, logKey := signer(origin, 1)
	ours, _ := signer(origin+"/receipt", 1)
	logs, _ := signer(origin, 1)
	theirs, _ := signer(origin+"/receipt", 2)
	other, _ := signer("example.com/other/receipt", 1)
	cases := []object{}
	add := func(name string, fault interface{}, signed string, items, index int, path []string) {
		hexes := []string{}
		for _, leaf := range leaves(index, items) {
			hexes = append(hexes, hex.EncodeToString(leaf))
		}
		found := object{"committedAt": time, "includeBy": "2026-03-02T09:30:10.123Z"}
		if fault != nil {
			found = object{"fault": fault}
		}
		receipt := object{"note": signed, "index": index, "path": path}
		cases = append(cases, object{"name": name, "receipt": receipt, "leaves": hexes, "found": found})
	}
	prove := func(reader tlog.HashReader, size, index int) []string {
		proof, err := tlog.ProveRecord(int64(size), int64(index), reader)
		check(err)
		path := []string{}
		for _, hash := range proof {
			path = append(path, base64.StdEncoding.EncodeToString(hash[:]))
		}
		return path
	}
	for _, items := range [][]int{{1}, {1, 3}, {2, 1, 1000, 1, 1}, {1, 1, 1, 1, 1, 1, 1, 4}} {
		_, reader := group(items)
		size := len(items)
		root, err := tlog.TreeHash(int64(size), reader)
		check(err)
		signed := sign(text(origin+"/receipt", size, root, time), ours)
		for index, count := range items {
			if count > 10 {
				continue
			}
			add(fmt.Sprintf("request %d of %d", index, size), nil, signed, count, index, prove(reader, size, index))
		}
	}
	items := []int{1, 2, 1}
	_, reader := group(items)
	root, err := tlog.TreeHash(3, reader)
	check(err)
	path := prove(reader, 3, 1)
	right := text(origin+"/receipt", 3, root, time)
	add("fewer items than it is over", "other-items", sign(right, ours), 1, 1, path)
	add("more items than it is over", "other-items", sign(right, ours), 3, 1, path)
	add("a path that is too short", "other-items", sign(right, ours), 2, 1, path[:1])
	add("a path that is too long", "other-items", sign(right, ours), 2, 1, append(append([]string{}, path...), path[0]))
	add("another size", "other-items", sign(text(origin+"/receipt", 5, root, time), ours), 2, 1, path)
	add("no requests", "other-items", sign(text(origin+"/receipt", 0, root, time), ours), 2, 1, path)
	add("signed under the log's own name", "unsigned", sign(right, logs), 2, 1, path)
	add("signed by another key of the name", "unsigned", sign(right, theirs), 2, 1, path)
	add("of another log with the same key", "other-log", sign(text("example.com/other/receipt", 3, root, time), other), 2, 1, path)
	cut := strings.Replace(sign(right, ours), "09:30:00.123Z", "09:30:00.124Z", 1)
	add("another time than was signed", "bad-signature", cut, 2, 1, path)
	for _, malformed := range [][2]string{
		{"no time", strings.Replace(right, "t "+time+"\n", "", 1)},
		{"a time without millis", strings.Replace(right, ".123Z", "Z", 1)},
		{"a line too many", right + "x\n"},
		{"another extension", strings.Replace(right, "\nt ", "\nT ", 1)},
		{"the log's origin", strings.Replace(right, "/receipt", "", 1)},
		{"a root of 31 bytes", strings.Replace(right, root.String(), base64.StdEncoding.EncodeToString(root[:31]), 1)},
	} {
		add(malformed[0], "unreadable", sign(malformed[1], ours), 2, 1, path)
	}
	add("no note", "unreadable", right, 2, 1, path)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	check(out.Encode(object{"logKey": logKey, "cases": cases}))
}
