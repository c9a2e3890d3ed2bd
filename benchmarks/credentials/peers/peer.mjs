// Signs and verifies the same badges with npm's libraries. The file named first says with what;
// then each line of JSON on standard input is a question, answered with a line (see measuring.py).
import {readFileSync} from 'node:fs';
import {createInterface} from 'node:readline';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {checkStatus as lookUp} from '@digitalbazaar/vc-bitstring-status-list';
import * as jose from 'jose';
import jsonld from 'jsonld';

const {contexts, key, statusList, tokens, sets, now} = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const date = new Date(now);
const ALL_AT_ONCE = 20;

const did = key.controller;
const methodDocument = {
  '@context': 'https://w3id.org/security/multikey/v1',
  id: key.id, type: 'Multikey', controller: did, publicKeyMultibase: key.publicKeyMultibase,
};
const didDocument = {
  '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
  id: did, verificationMethod: [methodDocument], assertionMethod: [key.id],
};
const known = {
  ...contexts, [did]: didDocument, [key.id]: methodDocument, [statusList.id]: statusList};
async function documentLoader(url) {
  if(known[url]) {
    return {contextUrl: null, documentUrl: url, document: known[url]};
  }
  throw new Error(`${url} is not known`);
}

// CPU time counts every thread: node signs and verifies tokens in threads of a pool.
function operation(items, call) {
  let next = 0;
  return async seconds => {
    for(const item of items.slice(0, 3)) { await call(item); }
    const start = performance.now(), before = process.cpuUsage();
    let done = 0;
    while(performance.now() - start < seconds * 1000) {
      const part = items.slice(next, next + ALL_AT_ONCE);
      for(const item of part) { await call(item); }
      done += part.length;
      next = (next + ALL_AT_ONCE) % items.length;
    }
    const wall = (performance.now() - start) * 1000 / done, {user, system} = process.cpuUsage(before);
    return {cpu: (user + system) / done, wall};
  };
}

const pair = await Ed25519Multikey.from(key);
const suite = new DataIntegrityProof({signer: pair.signer(), cryptosuite});
suite.date = date;
const checking = new DataIntegrityProof({cryptosuite});
// The list's own proof is not verified each time, as Guildmark remembers that it did.
async function checkStatus({credential}) {
  const answer = await lookUp({
    credential, documentLoader, verifyBitstringStatusListCredential: false});
  return {...answer, verified: answer.verified && answer.results.every(({status}) => !status)};
}
const issue = credential => vc.issue({
  credential: structuredClone(credential), suite, documentLoader, now: date});
async function verify(text) {
  const answer = await vc.verifyCredential({
    credential: JSON.parse(text), suite: checking, documentLoader, now: date, checkStatus});
  if(!answer.verified) {
    throw new Error(String(answer.error?.errors ?? answer.error));
  }
}
const canonize = document => jsonld.canonize(document, {
  algorithm: 'RDFC-1.0', format: 'application/n-quads', documentLoader, safe: true, base: null});

const makers = {}, checkers = {}, operations = {};
for(const [badge, {documents, credentials}] of Object.entries(sets)) {
  makers[badge] = {credential: [documents, issue], canonical: [documents, canonize]};
  checkers[badge] = {credential: verify};
  operations[badge] = {
    canonicalize: operation(documents, canonize),
    issue: operation(documents, issue),
    verify: operation(credentials, verify),
  };
}
for(const {badge, algorithm, jwk, kid, documents, texts} of tokens) {
  const secret = await jose.importJWK(jwk, algorithm);
  const {d, p, q, dp, dq, qi, ...open} = jwk;
  const opened = await jose.importJWK(open, algorithm);
  const sign = document => new jose.SignJWT(document)
    .setProtectedHeader({alg: algorithm, kid, typ: 'JWT'})
    .setIssuer(document.issuer.id).setJti(document.id).setSubject(document.credentialSubject.id)
    .setNotBefore(new Date(document.validFrom)).setExpirationTime(new Date(document.validUntil))
    .sign(secret);
  const check = text => jose.jwtVerify(text, opened, {currentDate: date});
  makers[badge][algorithm] = [documents, sign];
  checkers[badge][algorithm] = check;
  operations[badge][`${algorithm} sign`] = operation(documents, sign);
  operations[badge][`${algorithm} verify`] = operation(texts, check);
}

function version(name) {
  return JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;
}
const answers = {
  measure: ({badge, operation, seconds}) => operations[badge][operation](seconds),
  async make({badge, what, count}) {
    const [documents, call] = makers[badge][what];
    const made = [];
    for(const document of documents.slice(0, count)) { made.push(await call(document)); }
    return {made};
  },
  async check({badge, what, items}) {
    const failures = [];
    for(const item of items) {
      try { await checkers[badge][what](item); } catch(error) { failures.push(String(error)); }
    }
    return {failures};
  },
};
function say(answer) {
  process.stdout.write(JSON.stringify(answer) + '\n');
}

say({
  versions: {
    node: process.versions.node, 'its OpenSSL': process.versions.openssl,
    ...Object.fromEntries(['@digitalbazaar/vc', '@digitalbazaar/data-integrity',
      '@digitalbazaar/eddsa-rdfc-2022-cryptosuite', '@digitalbazaar/ed25519-multikey', 'jsonld',
      'rdf-canonize', '@digitalbazaar/vc-bitstring-status-list', 'jose'].map(name => [name, version(name)])),
  },
  operations: Object.entries(operations).flatMap(
    ([badge, named]) => Object.keys(named).map(name => [badge, name])),
});
for await (const line of createInterface({input: process.stdin})) {
  const question = JSON.parse(line);
  say(await answers[question.do](question));
}
