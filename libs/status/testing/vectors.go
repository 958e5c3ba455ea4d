//go:build ignore

// Writes vectors/status.json. Hashes, trees and paths are golang.org/x/mod/sumdb/tlog's; the leaves are written from the README.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run vectors.go > ../vectors/status.json
package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"log"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

type object map[string]interface{}

type event struct {
	Ordinal  int64  `json:"ordinal"`
	First    int64  `json:"first"`
	Count    int64  `json:"count"`
	State    int    `json:"state"`
	Previous *int64 `json:"previous"`
}

type batch struct {
	First      int64   `json:"first"`
	Size       int64   `json:"size"`
	Events     []event `json:"events"`
	StatusRoot string  `json:"statusRoot"`
}

// The whole vector, without any cleverness.
type vector struct {
	records int64
	states  map[int64]int
	events  map[int64]int64
	batches []batch
}

func newVector() *vector { return &vector{states: map[int64]int{}, events: map[int64]int64{}} }

func (v *vector) leaf(index int64) []byte {
	out := make([]byte, 32)
	for k := int64(0); k < 64; k++ {
		state := v.states[64*index+k]
		if k%2 == 0 {
			out[k/2] |= byte(state)
		} else {
			out[k/2] |= byte(state << 4)
		}
	}
	for k := int64(0); k < 64; k++ {
		if v.states[64*index+k] != 0 {
			number := make([]byte, 8)
			binary.BigEndian.PutUint64(number, uint64(v.events[64*index+k]))
			out = append(out, number...)
		}
	}
	return out
}

func (v *vector) size() int64 { return (v.records + 63) / 64 }

type store []tlog.Hash

func (s store) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = s[index]
	}
	return out, nil
}

func (v *vector) store() store {
	var s store
	for i := int64(0); i < v.size(); i++ {
		hashes, err := tlog.StoredHashes(i, v.leaf(i), s)
		check(err)
		s = append(s, hashes...)
	}
	return s
}

func (v *vector) root() tlog.Hash {
	if v.size() == 0 {
		return sha256.Sum256(nil)
	}
	root, err := tlog.TreeHash(v.size(), v.store())
	check(err)
	return root
}

// Appends a batch of so many plain entries, then the events, whose ordinals and previous events follow from where they stand.
func (v *vector) add(plain int64, events ...event) *vector {
	b := batch{First: v.records, Size: plain + int64(len(events)), Events: []event{}}
	for i := range events {
		e := events[i]
		e.Ordinal = v.records + plain + int64(i)
		if last, touched := v.events[e.First]; touched {
			e.Previous = &last
		}
		b.Events = append(b.Events, e)
	}
	for _, e := range b.Events {
		for o := e.First; o < e.First+e.Count; o++ {
			v.states[o] = e.State
			v.events[o] = e.Ordinal
		}
	}
	v.records += b.Size
	b.StatusRoot = text(v.root())
	v.batches = append(v.batches, b)
	return v
}

func (v *vector) proof(ordinal int64) object {
	s := v.store()
	index := ordinal / 64
	path, err := tlog.ProveRecord(v.size(), index, s)
	check(err)
	root := v.root()
	leaf := v.leaf(index)
	check(tlog.CheckRecord(path, v.size(), root, index, tlog.RecordHash(leaf)))
	var last *int64
	if e, touched := v.events[ordinal]; touched {
		last = &e
	}
	return object{
		"ordinal": ordinal, "records": v.records, "state": v.states[ordinal], "lastEvent": last,
		"leaf": hex.EncodeToString(leaf), "path": texts(path), "root": text(root),
	}
}

func text(h tlog.Hash) string { return hex.EncodeToString(h[:]) }

func texts(hashes []tlog.Hash) []string {
	out := []string{}
	for _, h := range hashes {
		out = append(out, text(h))
	}
	return out
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func one(record int64, state int) event { return event{First: record, Count: 1, State: state} }
func many(first, count int64, state int) event {
	return event{First: first, Count: count, State: state}
}
func changed(o object, name string, to interface{}) object {
	out := object{}
	for key, value := range o {
		out[key] = value
	}
	out[name] = to
	return out
}

func main() {
	logs := []object{}
	refusedProofs := []object{}
	made := func(about string, v *vector, ordinals ...int64) []object {
		proofs := []object{}
		for _, ordinal := range ordinals {
			proofs = append(proofs, v.proof(ordinal))
		}
		logs = append(logs, object{"about": about, "batches": v.batches, "proofs": proofs})
		return proofs
	}

	for _, size := range []int64{1, 63, 64, 65} {
		made("untouched, of "+map[int64]string{1: "1 record", 63: "63", 64: "64", 65: "65"}[size], newVector().add(size), 0, size-1)
	}
	made("revoked", newVector().add(3).add(0, one(1, 1)), 0, 1, 2, 3)
	made("suspended", newVector().add(3).add(0, one(1, 2)), 1)
	made("superseded", newVector().add(3).add(1, one(1, 3)), 1)
	made("consumed", newVector().add(3).add(0, one(1, 12)), 1)
	made("active again", newVector().add(3).add(0, one(1, 2)).add(5, one(1, 13)), 1)
	made("suspended twice, then revoked", newVector().add(3).add(0, one(1, 2)).add(0, one(1, 13)).add(0, one(1, 2)).add(0, one(1, 1)), 1)
	made("a range inside a leaf", newVector().add(64).add(0, many(10, 20, 1)), 9, 10, 29, 30)
	made("a range over three leaves", newVector().add(200).add(0, many(60, 100, 1)), 59, 60, 63, 64, 127, 128, 159, 160)
	partial := made("the last, partial leaf", newVector().add(70).add(0, one(66, 1)), 65, 66, 70)
	made("the last record of the batch before", newVector().add(65).add(0, one(64, 12)), 63, 64, 65)
	made("the first record of all", newVector().add(1).add(0, one(0, 1)), 0, 1)
	for _, size := range []int64{63, 64, 65} {
		made("the last record of "+map[int64]string{63: "63", 64: "64", 65: "65"}[size], newVector().add(size-1).add(0, one(size-2, 1)), size-2, size-1)
	}
	full := newVector().add(128)
	singles := []event{}
	for o := int64(0); o < 64; o++ {
		singles = append(singles, one(64+o, []int{1, 2, 3, 12}[o%4]))
	}
	made("a leaf of 64 events", full.add(0, singles...), 64, 65, 66, 67, 127, 128)
	made("a leaf of one range", newVector().add(128).add(0, many(0, 64, 1)), 0, 63, 64)
	made("several events in one batch, in no order", newVector().add(300).add(2, one(200, 1), one(5, 2), many(64, 64, 3), one(4, 12)), 4, 5, 64, 127, 200, 301, 305)
	made("a log that grows over touched records", newVector().add(64).add(0, one(0, 1)).add(1000).add(3000, one(1000, 2)).add(13000).add(70000, one(1000, 13)), 0, 1, 1000, 17000, 87066)
	large := newVector().add(4200000).add(0, one(4199999, 1), many(1000000, 1000, 1)).add(50)
	made("65,626 leaves", large, 0, 1000000, 1000999, 4199999, 4200051)

	good := partial[1]
	for about, p := range map[string]object{
		"a record past the end in the last leaf": changed(good, "ordinal", 71),
		"a record of another leaf":               changed(good, "ordinal", 2),
		"a tree of another size":                 changed(good, "records", 200),
		"a leaf with a byte too many":            changed(good, "leaf", good["leaf"].(string)+"00"),
		"a path without its hash":                changed(good, "path", []string{}),
		"a root of zeros":                        changed(good, "root", text(tlog.Hash{})),
		"the leaf of untouched records":          changed(good, "leaf", hex.EncodeToString(make([]byte, 32))),
	} {
		p["about"] = about
		refusedProofs = append(refusedProofs, p)
	}
	// Trees of one leaf whose root fits, so that the leaf's own rules decide.
	alone := func(about string, ordinal, records int64, v *vector) {
		leaf := v.leaf(0)
		refusedProofs = append(refusedProofs, object{"about": about, "ordinal": ordinal, "records": records, "leaf": hex.EncodeToString(leaf), "path": []string{}, "root": text(tlog.RecordHash(leaf))})
	}
	forged := func(record, event int64, state int) *vector {
		v := newVector()
		v.states[record], v.events[record] = state, event
		return v
	}
	alone("a nibble past the end", 0, 30, forged(40, 50, 1))
	alone("an event before its record", 10, 30, forged(10, 9, 1))
	alone("an event that is its record", 10, 30, forged(10, 10, 1))
	alone("an event past the end", 10, 30, forged(10, 30, 1))
	alone("a reserved nibble", 10, 30, forged(10, 20, 4))

	refusedLeaves := []object{}
	bad := func(about string, bytes []byte) {
		refusedLeaves = append(refusedLeaves, object{"about": about, "leaf": hex.EncodeToString(bytes)})
	}
	touched := forged(1, 7, 1).leaf(0)
	bad("31 bytes", make([]byte, 31))
	bad("33 bytes", make([]byte, 33))
	bad("nothing", []byte{})
	bad("an event missing", touched[:32])
	bad("an event too many", append(append([]byte{}, touched...), touched[32:]...))
	bad("an event cut short", touched[:39])
	bad("event 0", forged(1, 0, 1).leaf(0))
	bad("event 2^53", forged(1, 1<<53, 1).leaf(0))
	for _, state := range []int{4, 5, 6, 7, 8, 9, 10, 11, 14, 15} {
		bad("a reserved nibble", forged(1, 7, state).leaf(0))
	}

	seven := int64(7)
	hundred := int64(100)
	refusedEvents := []object{}
	forbid := func(about string, e event) {
		v := newVector().add(100).add(0, one(7, 1))
		refusedEvents = append(refusedEvents, object{"about": about, "batches": v.batches, "batch": batch{First: 101, Size: 10, Events: []event{e}}})
	}
	forbid("a state after an end", event{102, 7, 1, 2, &hundred})
	forbid("no previous event about a touched record", event{102, 7, 1, 2, nil})
	forbid("a previous event about an untouched record", event{102, 8, 1, 1, &seven})
	forbid("a range over a touched record", event{102, 5, 5, 1, nil})
	forbid("a range with a previous event", event{102, 7, 2, 1, &hundred})
	forbid("a record of the same batch", event{102, 101, 1, 1, nil})
	forbid("a range past the end", event{102, 99, 3, 1, nil})
	forbid("no record", event{102, 8, 0, 1, nil})
	forbid("active again without a suspension", event{102, 8, 1, 13, nil})
	forbid("state 0", event{102, 8, 1, 0, nil})
	forbid("a reserved state", event{102, 8, 1, 4, nil})
	forbid("an ordinal of an earlier batch", event{100, 8, 1, 1, nil})
	forbid("an ordinal of a later batch", event{111, 8, 1, 1, nil})

	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", " ")
	check(out.Encode(object{
		"origin":        "made with golang.org/x/mod/sumdb/tlog by testing/vectors.go",
		"logs":          logs,
		"refusedProofs": sorted(refusedProofs),
		"refusedLeaves": refusedLeaves,
		"refusedEvents": refusedEvents,
	}))
}

// Maps have no order: the file should.
func sorted(list []object) []object {
	for i := range list {
		for j := i; j > 0 && list[j]["about"].(string) < list[j-1]["about"].(string); j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list
}
