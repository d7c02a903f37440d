// Sealed tokens and GitHub's sealed boxes with tweetnacl and blakejs: a third implementation, for interop.py.
// usage: node sealed.js seal PUBLIC… | open SECRET | box-open BOX    (JSON comes in on standard input, and goes out)
'use strict'
const nacl = require('tweetnacl')
const { blake2b } = require('blakejs')

const PREFIX = 'pachup1:'
const url = (bytes) => Buffer.from(bytes).toString('base64url')
const raw = (text) => new Uint8Array(Buffer.from(text, 'base64url'))
const ascii = (text) => new Uint8Array(Buffer.from(text, 'latin1'))
const join = (...parts) => new Uint8Array(Buffer.concat(parts.map((one) => Buffer.from(one))))

function keyBytes (prefix, text) {
  const bytes = raw(text.slice(prefix.length))
  const key = bytes.slice(0, 32)
  const sum = blake2b(join(ascii(prefix), key), undefined, 16).slice(0, 4)
  if (!text.startsWith(prefix) || Buffer.compare(Buffer.from(sum), Buffer.from(bytes.slice(32)))) throw new Error('no key')
  return key
}

// libsodium's crypto_box_seal
function sealBox (message, publicKey) {
  const pair = nacl.box.keyPair()
  const nonce = blake2b(join(pair.publicKey, publicKey), undefined, 24)
  return join(pair.publicKey, nacl.box(message, nonce, publicKey, pair.secretKey))
}

function openBox (box, secretKey) {
  const mine = nacl.box.keyPair.fromSecretKey(secretKey)
  const nonce = blake2b(join(box.slice(0, 32), mine.publicKey), undefined, 24)
  return nacl.box.open(box.slice(32), nonce, box.slice(0, 32), secretKey)
}

const boxKey = (contentKey, header) => blake2b(join(ascii(PREFIX), header), contentKey, 32)

function seal (facts, publics) {
  const contentKey = nacl.randomBytes(32)
  const keys = publics.map((one) => keyBytes('pachup-pub1:', one))
  const header = join([keys.length], ...keys.map((one) => join(one, sealBox(contentKey, one))))
  const nonce = nacl.randomBytes(24)
  const payload = Object.entries(facts).map(([name, value]) => `${name} ${value}\n`).join('')
  return PREFIX + url(join(header, nonce, nacl.secretbox(Buffer.from(payload), nonce, boxKey(contentKey, header))))
}

function open (text, secret) {
  const key = keyBytes('pachup-key1:', secret)
  const bytes = raw(text.slice(PREFIX.length))
  const header = bytes.slice(0, 1 + 112 * bytes[0])
  const mine = Buffer.from(nacl.box.keyPair.fromSecretKey(key).publicKey)
  for (let at = 1; at < header.length; at += 112) {
    if (!mine.equals(Buffer.from(header.slice(at, at + 32)))) continue
    const contentKey = openBox(header.slice(at + 32, at + 112), key)
    const rest = bytes.slice(header.length)
    const payload = nacl.secretbox.open(rest.slice(24), rest.slice(0, 24), boxKey(contentKey, header))
    return Object.fromEntries(Buffer.from(payload).toString().trimEnd().split('\n').map((line) => [line.split(' ', 1)[0], line.slice(line.indexOf(' ') + 1)]))
  }
  throw new Error('for another key')
}

const input = JSON.parse(require('fs').readFileSync(0, 'utf8'))
const work = { seal: () => seal(input.facts, input.publics), open: () => open(input.text, input.secret) }
process.stdout.write(JSON.stringify(work[process.argv[2]]()))
