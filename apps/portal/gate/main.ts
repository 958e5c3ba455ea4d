import { preferredTag } from '#words/preferred-tag.js';
import { GATE_LANGUAGES } from '#words/gate.js';
import { GatePage } from './gate-page.js';
import { Knowledge } from './knowledge.js';

const root = document.getElementById('gate');
if (!root) throw new Error('starting the page: expected an element #gate, got none');

const knowledge = new Knowledge();
const chosen = await knowledge.remember();
const tag = preferredTag(chosen === undefined ? navigator.languages : [chosen], Object.keys(GATE_LANGUAGES));
new GatePage(root, knowledge, tag).draw();
