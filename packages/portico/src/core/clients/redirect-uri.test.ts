import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { checkRedirectUri, MAX_REDIRECT_URI_LENGTH, matchesRegistered } from './redirect-uri.ts'

const HEX = '0123456789abcdef'
/** Every byte from `from` to `to`, percent-encoded. */
function encoded(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `%${HEX[(from + i) >> 4]}${HEX[(from + i) & 15]}`)
}
/** Every character from `from` to `to`. */
function characters(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i))
}

/** One class of trick: the URIs that use it, and neighbours without it, which are ordinary and stay allowed. */
type Trick = { name: string; refused: readonly string[]; says: RegExp; neighbours: readonly string[] }

const tricks: Trick[] = [
  {
    name: 'control characters, raw',
    refused: [...characters(0x00, 0x1f), ...characters(0x7f, 0x9f)].map((c) => `https://app.example.com/call${c}back`),
    says: /RFC 3986/,
    neighbours: ['https://app.example.com/callback'],
  },
  {
    name: 'control characters, encoded, as for a second header',
    refused: [...encoded(0x00, 0x1f), '%7f', '%7F', '%0D%0ASet-Cookie:a=b'].flatMap((c) => [
      `https://app.example.com/cb${c}`,
      `https://app.example.com/cb?next=${c}`,
    ]),
    says: /encoded control character/,
    neighbours: [
      'https://app.example.com/c%20b',
      'https://app.example.com/cb?next=%20',
      'https://app.example.com/%c3%a9',
    ],
  },
  {
    name: 'blanks at either end or within',
    refused: ['\u0020', '\u00a0', '\u3000', '\u2003', '\ufeff', '\u200b'].flatMap((blank) => [
      `${blank}https://app.example.com/cb`,
      `https://app.example.com/cb${blank}`,
      `https://app.example.com${blank}/cb`,
    ]),
    says: /RFC 3986/,
    neighbours: ['https://app.example.com/cb', 'https://app.example.com/a+b'],
  },
  {
    name: 'characters that no URI may hold',
    refused: [...'"<>^`{|}'].flatMap((c) => [`https://app.example.com/${c}`, `https://app.example.com/cb?a=${c}`]),
    says: /RFC 3986/,
    neighbours: [..."-._~:@!$&'()+,;="].map((c) => `https://app.example.com/cb${c}`),
  },
  {
    name: 'backslashes that browsers read as slashes',
    refused: [
      'https:\\\\app.example.com/cb',
      'https://app.example.com\\cb',
      'https://app.example.com\\@evil.example/cb',
      'https://evil.example\\.app.example.com/cb',
      'https:/\\app.example.com/cb',
      'https://app.example.com/\\evil.example',
      'com.example.app:\\cb',
      'http://127.0.0.1\\@evil.example/',
    ],
    says: /backslash/,
    neighbours: ['https://app.example.com/cb', 'com.example.app:/cb'],
  },
  {
    name: 'user names and passwords',
    refused: [
      'https://app.example.com@evil.example/cb',
      'https://app.example.com:443@evil.example/cb',
      'https://user:pass@app.example.com/cb',
      'https://@app.example.com/cb',
      'https://:@app.example.com/cb',
      'https://a@b@app.example.com/cb',
      'https://app.example.com%40evil.example@app.example.com/cb',
      'http://127.0.0.1@evil.example/cb',
      'http://127.0.0.1:80@evil.example/cb',
      'http://[::1]@evil.example/cb',
      'https://app.example.com@/cb',
      'https://app.example.com@',
    ],
    says: /user name or password/,
    neighbours: [
      'https://app.example.com/@me/cb',
      'https://app.example.com/cb?as=a@b.example',
      'https://app.example.com/a:b@c',
    ],
  },
  {
    name: 'fragments',
    refused: [
      'https://app.example.com/cb#',
      'https://app.example.com/cb#x',
      'https://app.example.com#@evil.example/',
      'com.example.app:/cb#x',
    ],
    says: /fragment/,
    neighbours: ['https://app.example.com/cb', 'https://app.example.com/c%23b'],
  },
  {
    name: 'dot segments',
    refused: ['.', '..', '../', './', '../../x', 'a/..', 'a/../b', 'a/./b', 'a/.', 'a/b/../../..'].flatMap((path) => [
      `https://app.example.com/${path}`,
      `com.example.app:/${path}`,
      `http://127.0.0.1/${path}`,
    ]),
    says: /segment "\." or "\.\."/,
    neighbours: ['...', '.well-known/cb', '..a', 'a..b', 'a.', 'a/b..'].map(
      (path) => `https://app.example.com/${path}`,
    ),
  },
  {
    name: 'dot segments behind a semicolon, which some servers drop first',
    refused: ['..;/x', '..;', '.;a/x', 'a/..;b=c/d', 'cb/..;/..;/admin'].map(
      (path) => `https://app.example.com/${path}`,
    ),
    says: /segment "\." or "\.\."/,
    neighbours: ['a;b=c/d', ';', 'cb;v=1', '...;x'].map((path) => `https://app.example.com/${path}`),
  },
  {
    name: 'encoded dots, slashes, backslashes, semicolons and percent signs',
    refused: ['%2e', '%2E', '%2f', '%2F', '%5c', '%5C', '%25', '%3b', '%3B'].flatMap((c) => [
      `https://app.example.com/${c}`,
      `https://app.example.com/a${c}b`,
      `https://app.example.com/a/.${c}/b`,
      `https://app.example.com/${c}${c}/x`,
    ]),
    says: /encoded dot, slash/,
    neighbours: ['%20', '%40', '%c3%a9', '%3a', '%41'].map((c) => `https://app.example.com/a${c}b`),
  },
  {
    name: 'percent signs that encode nothing',
    refused: ['%', '%2', '%zz', '%%20', '%u002e', '%G0'].flatMap((c) => [
      `https://app.example.com/${c}`,
      `https://app.example.com/?a=${c}`,
    ]),
    says: /two hexadecimal digits/,
    neighbours: ['https://app.example.com/%20', 'https://app.example.com/?a=%20'],
  },
  {
    name: 'wildcards',
    refused: [
      'https://*.example.com/cb',
      'https://*/cb',
      'https://app.example.com/*',
      'https://app.example.com*',
      'https://app.example.com/cb?*',
      'http://127.0.0.1:*/cb',
      'http://*:80/cb',
      '*',
      'com.example.*:/cb',
    ],
    says: /wildcard/,
    neighbours: ['https://app.example.com/cb', 'http://127.0.0.1/cb'],
  },
  {
    name: 'hosts outside ASCII and letters that look like others',
    refused: [
      'https://bücher.example/cb',
      'https://аpp.example.com/cb',
      'https://app。example。com/cb',
      'https://app.example.com／cb',
      'https://ａpp.example.com/cb',
      'https://app.example.com\u2044evil.example/cb',
      'https://app.example\u00ad.com/cb',
      'https://\u2488.example/cb',
      'https://ﬁ.example/cb',
      'https://①②⑦.0.0.1/cb',
    ],
    says: /RFC 3986/,
    neighbours: ['https://xn--bcher-kva.example/cb', 'https://fi.example/cb'],
  },
  {
    name: 'hosts that are no lower-case names',
    refused: [
      'https://APP.example.com/cb',
      'https://app.Example.com/cb',
      'https://app.example.com./cb',
      'https://.example.com/cb',
      'https://app..example.com/cb',
      'https://-app.example.com/cb',
      'https://app-.example.com/cb',
      'https://my_app.example.com/cb',
      'https://app.example.com%2eevil.example/cb',
      'https://app.example.com%20.evil.example/cb',
      'https://app.example.com,evil.example/cb',
      'https://app.example.com;evil.example/cb',
      'https://app.example.com&evil.example/cb',
      "https://app.example.com'/cb",
      'https://[::1/cb',
      'https://::1/cb',
      'https://[::1]evil.example/cb',
      'https://[v1.x]/cb',
      'https://[fe80::1%25eth0]/cb',
      `https://${'a'.repeat(64)}.example/cb`,
      `https://${'a.'.repeat(130)}example/cb`,
    ],
    says: /host|port/,
    neighbours: [
      'https://app-1.example.com/cb',
      'https://a.b.c.d.e/cb',
      'https://intranet/cb',
      'https://1app.example/cb',
      `https://${'a'.repeat(63)}.example/cb`,
      'https://[2001:db8::1]/cb',
    ],
  },
  {
    name: 'other spellings of an address, which browsers rewrite',
    refused: [
      'https://2130706433/cb',
      'https://0x7f000001/cb',
      'https://0x7f.0.0.1/cb',
      'https://0177.0.0.1/cb',
      'https://127.1/cb',
      'https://127.0.1/cb',
      'https://127.000.000.001/cb',
      'https://[0:0:0:0:0:0:0:1]/cb',
      'https://[::ffff:127.0.0.1]/cb',
      'https://[2001:db8:0:0::1]/cb',
      'https://[::01]/cb',
      'https://256.0.0.1/cb',
      'https://1.2.3.4.5/cb',
      'https://[1::2::3]/cb',
      'https://[12345::]/cb',
    ],
    says: /as browsers normalise it/,
    neighbours: [
      'https://127.0.0.1/cb',
      'https://192.0.2.7:8443/cb',
      'https://[::1]/cb',
      'https://[2001:db8::1]:8443/cb',
    ],
  },
  {
    name: 'http to anything but the loopback',
    refused: [
      'http://app.example.com/cb',
      'http://127.0.0.1.evil.example/cb',
      'http://127.0.0.1.nip.example/cb',
      'http://127.0.0.2/cb',
      'http://0.0.0.0/cb',
      'http://0/cb',
      'http://127.1/cb',
      'http://2130706433/cb',
      'http://0x7f.0.0.1/cb',
      'http://017700000001/cb',
      'http://[::]/cb',
      'http://[::2]/cb',
      'http://[0:0:0:0:0:0:0:1]/cb',
      'http://[::ffff:127.0.0.1]/cb',
      'http://192.168.0.1/cb',
      'http://169.254.169.254/cb',
      'http://localhost.evil.example/cb',
      'http://localhost.localdomain/cb',
      'http://evil-localhost/cb',
      'http://app.localhost/cb',
    ],
    says: /must use https/,
    neighbours: [
      'http://127.0.0.1/oauth/callback',
      'http://127.0.0.1:8080/cb',
      'http://[::1]/cb',
      'http://[::1]:8080/cb',
      'http://127.0.0.1',
      'http://127.0.0.1/?x=y',
      'http://localhost/cb',
      'http://localhost:8080/cb',
    ],
  },
  {
    name: 'ports that are none, or that hide something',
    refused: [
      ':',
      ':0',
      ':080',
      ':65536',
      ':99999',
      ':123456',
      ':8o',
      ':+80',
      ':-1',
      ':80:80',
      ':%38',
      ':PORT',
      ':443',
      ':0443',
    ].flatMap((port) => [`https://app.example.com${port}/cb`]),
    says: /port/i,
    neighbours: ['', ':1', ':80', ':8443', ':65535'].map((port) => `https://app.example.com${port}/cb`),
  },
  {
    name: 'schemes that run or read something',
    refused: [
      'javascript:alert(1)',
      'javascript://app.example.com/%20alert(1)',
      'javascript:/cb',
      'data:text/html,x',
      'data:text/html;base64,eA==',
      'vbscript:x',
      'file:///etc/passwd',
      'blob:https://app.example.com/x',
      'filesystem:https://app.example.com/x',
      'about:blank',
      'view-source:https://app.example.com/',
      'jar:https://app.example.com!/',
      'ftp://app.example.com/cb',
      'ws://app.example.com/cb',
      'wss://app.example.com/cb',
      'mailto:a@b.example',
      'tel:123',
      'intent://app/cb;end',
      'chrome-extension://abc/cb',
      'ms-settings:x',
      'ssh://app.example.com/cb',
      'gopher://app.example.com/cb',
      'urn:ietf:wg:oauth:2.0:oob',
      'x:/cb',
      'myapp:/cb',
      'myapp://cb',
      'httpss://app.example.com/cb',
      'https+x://app.example.com/cb',
    ],
    says: /cannot use the scheme/,
    neighbours: [
      'com.example.app:/cb',
      'com.example.app://cb',
      'com.example.app://host.name/cb',
      'com.example.my-app:/',
      'io.x:/cb?a=b',
    ],
  },
  {
    name: 'schemes in capitals, which are the same scheme in another spelling',
    refused: [
      'HTTPS://app.example.com/cb',
      'Https://app.example.com/cb',
      'HTTP://127.0.0.1/cb',
      'JavaScript:alert(1)',
      'Com.Example.App:/cb',
    ],
    says: /lower case/,
    neighbours: ['https://app.example.com/cb', 'http://127.0.0.1/cb'],
  },
  {
    name: 'private-use schemes without a proper path or name',
    refused: [
      'com.example.app:',
      'com.example.app:cb',
      'com.example.app:?x=y',
      'com.example.app://',
      'com.example.app:////evil.example/cb',
      'com.example.app://HOST/cb',
      'com.example.app://a@b/cb',
      'com.example.app://a:80/cb',
      'app.example.com:8080/cb',
    ],
    says: /path|plain lower-case name/,
    neighbours: ['com.example.app:/', 'com.example.app:/a/b?c=d', 'com.example.app://host/cb'],
  },
  {
    name: 'schemes with empty labels or odd characters',
    refused: ['com..app:/cb', 'com.example.:/cb', 'com.example+app:/cb', 'com+x.app:/cb'],
    says: /cannot use the scheme/,
    neighbours: ['com.example2.app:/cb'],
  },
  {
    name: 'no scheme, as in the example of the AWS reference',
    refused: [
      '127.0.0.1:PORT/oauth/callback',
      '127.0.0.1:8080/oauth/callback',
      '127.0.0.1/oauth/callback',
      'localhost:8080/cb',
      'localhost/cb',
      '//app.example.com/cb',
      '/cb',
      'cb',
      'app.example.com/cb',
      '?x=y',
      '://app.example.com/cb',
      ':',
      '[::1]:80/cb',
      '1https://app.example.com/cb',
      '.https://app.example.com/cb',
    ],
    says: /begin with its scheme, for example http:\/\/127\.0\.0\.1\/oauth\/callback/,
    neighbours: ['http://127.0.0.1/oauth/callback'],
  },
  {
    name: 'slashes too few or too many before the host',
    refused: [
      'https:',
      'https:/',
      'https://',
      'https:/app.example.com/cb',
      'https:app.example.com/cb',
      'https:///app.example.com/cb',
      'https://?x',
      'https:///',
    ],
    says: /name a host/,
    neighbours: ['https://app.example.com', 'https://app.example.com/', 'https://app.example.com?x=y'],
  },
  {
    name: 'members in the query that our answer brings',
    refused: [
      'code=x',
      'state=',
      'error',
      'iss=x',
      'a=b&code=x',
      'error_description=x',
      'error_uri=x',
      'c%6fde=x',
      '&&state=1',
    ].flatMap((query) => [`https://app.example.com/cb?${query}`, `com.example.app:/cb?${query}`]),
    says: /the answer adds it/,
    neighbours: ['a=b', 'code_=x', 'CODE=x', 'a=code', 'x=state=1', '', 'promocode=x'].map(
      (query) => `https://app.example.com/cb?${query}`,
    ),
  },
  {
    name: 'square brackets where there is no address',
    refused: [
      'https://app.example.com/[x]',
      'https://app.example.com/?a[]=1',
      'com.example.app:/[',
      'com.example.app:/?]',
    ],
    says: /square brackets/,
    neighbours: ['https://app.example.com/%5bx%5d', 'https://app.example.com/?a%5b%5d=1'],
  },
  {
    name: 'what is empty or endless',
    refused: ['', `https://app.example.com/${'x'.repeat(MAX_REDIRECT_URI_LENGTH)}`],
    says: /empty|at most 512/,
    neighbours: [`https://app.example.com/${'x'.repeat(MAX_REDIRECT_URI_LENGTH - 24)}`],
  },
]

describe('a redirect URI cannot be registered with', () => {
  for (const { name, refused, says, neighbours } of tricks) {
    it(`${name} (${refused.length} URIs; ${neighbours.length} ordinary neighbours can)`, () => {
      for (const uri of refused) assert.match(checkRedirectUri(uri) ?? 'accepted', says, JSON.stringify(uri))
      for (const uri of neighbours) assert.equal(checkRedirectUri(uri), undefined, uri)
    })
  }

  it('any trick of a list of more than 300', () => {
    assert.ok(new Set(tricks.flatMap(({ refused }) => refused)).size > 300)
  })

  it('any text that a browser reads differently, whatever the text', () => {
    const piece = fc.oneof(
      fc.constantFrom(...'/\\@:#?.%;[]* \t'),
      fc.constantFrom(
        'https://',
        'http://',
        '127.0.0.1',
        '[::1]',
        'localhost',
        'app.example.com',
        'com.example.app:',
        '..',
        '%2e',
        ':80',
        ':8080',
        'cb',
      ),
      fc.string({ unit: 'binary', maxLength: 2 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const uri = pieces.join('')
        if (checkRedirectUri(uri) !== undefined) return
        const url = new URL(uri)
        assert.ok(url.href === uri || url.href === uri.replace(/^(https?:\/\/[^/?]*)/, '$1/'), uri)
        assert.equal(url.username + url.password + url.hash, '')
        assert.ok(url.protocol !== 'http:' || ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname), uri)
        assert.ok(matchesRegistered(uri, [uri]))
      }),
      { numRuns: 5_000 },
    )
  })
})

describe('a request for a redirect URI', () => {
  for (const [what, registered, requested] of [
    [
      'the loopback of the AWS CLI, with any port',
      'http://127.0.0.1/oauth/callback',
      'http://127.0.0.1:39179/oauth/callback',
    ],
    [
      'the loopback without a port, as registered',
      'http://127.0.0.1/oauth/callback',
      'http://127.0.0.1/oauth/callback',
    ],
    ['the loopback with another port than registered', 'http://127.0.0.1:8080/cb', 'http://127.0.0.1:1/cb'],
    ['the loopback without the port that was registered', 'http://127.0.0.1:8080/cb', 'http://127.0.0.1/cb'],
    ['the loopback with the greatest port', 'http://127.0.0.1/cb', 'http://127.0.0.1:65535/cb'],
    ['the loopback with the port of http', 'http://127.0.0.1/cb', 'http://127.0.0.1:80/cb'],
    ['the loopback of IPv6, with any port', 'http://[::1]/cb', 'http://[::1]:39179/cb'],
    ['the loopback without a path', 'http://127.0.0.1', 'http://127.0.0.1:39179'],
    ['the loopback with the registered query', 'http://127.0.0.1/cb?a=b', 'http://127.0.0.1:39179/cb?a=b'],
    ['localhost, as registered', 'http://localhost:8080/cb', 'http://localhost:8080/cb'],
    ['https, as registered', 'https://app.example.com/cb', 'https://app.example.com/cb'],
    ['a private-use scheme, as registered', 'com.example.app:/cb', 'com.example.app:/cb'],
  ] as const) {
    it(`matches ${what}`, () => {
      assert.equal(checkRedirectUri(registered), undefined)
      assert.equal(matchesRegistered(requested, ['https://other.example/', registered]), true)
    })
  }

  const loopback = 'http://127.0.0.1/oauth/callback'
  for (const [what, registered, requested] of [
    ['another path', loopback, 'http://127.0.0.1:39179/oauth/callback/'],
    ['a path that only begins alike', loopback, 'http://127.0.0.1:39179/oauth/callback2'],
    ['a path in other letters', loopback, 'http://127.0.0.1:39179/oauth/Callback'],
    ['a path with a dot segment', loopback, 'http://127.0.0.1:39179/oauth/x/../callback'],
    ['an encoded letter', loopback, 'http://127.0.0.1:39179/oauth/%63allback'],
    ['a query that was not registered', loopback, 'http://127.0.0.1:39179/oauth/callback?x=y'],
    ['an empty query', loopback, 'http://127.0.0.1:39179/oauth/callback?'],
    ['a fragment', loopback, 'http://127.0.0.1:39179/oauth/callback#x'],
    ['localhost for 127.0.0.1', loopback, 'http://localhost:39179/oauth/callback'],
    ['[::1] for 127.0.0.1', loopback, 'http://[::1]:39179/oauth/callback'],
    ['127.0.0.2 for 127.0.0.1', loopback, 'http://127.0.0.2:39179/oauth/callback'],
    ['127.1 for 127.0.0.1', loopback, 'http://127.1:39179/oauth/callback'],
    ['a number for 127.0.0.1', loopback, 'http://2130706433:39179/oauth/callback'],
    ['https for http', loopback, 'https://127.0.0.1:39179/oauth/callback'],
    ['a capital scheme', loopback, 'HTTP://127.0.0.1:39179/oauth/callback'],
    ['a user name', loopback, 'http://x@127.0.0.1:39179/oauth/callback'],
    ['a host behind what looks like a port', loopback, 'http://127.0.0.1:39179@evil.example/oauth/callback'],
    ['a host behind the address', loopback, 'http://127.0.0.1.evil.example:39179/oauth/callback'],
    ['a host behind a backslash', loopback, 'http://127.0.0.1:39179\\@evil.example/oauth/callback'],
    ['the port 0', loopback, 'http://127.0.0.1:0/oauth/callback'],
    ['a port beyond the last', loopback, 'http://127.0.0.1:65536/oauth/callback'],
    ['a port with a leading zero', loopback, 'http://127.0.0.1:0080/oauth/callback'],
    ['an empty port', loopback, 'http://127.0.0.1:/oauth/callback'],
    ['a port that is no number', loopback, 'http://127.0.0.1:PORT/oauth/callback'],
    ['two ports', loopback, 'http://127.0.0.1:80:80/oauth/callback'],
    ['a line end', loopback, 'http://127.0.0.1:39179/oauth/callback\n'],
    ['a space in front', loopback, ' http://127.0.0.1:39179/oauth/callback'],
    ['another port of localhost', 'http://localhost:8080/cb', 'http://localhost:8081/cb'],
    ['a port of localhost where none was registered', 'http://localhost/cb', 'http://localhost:8080/cb'],
    ['another port of https', 'https://app.example.com/cb', 'https://app.example.com:8443/cb'],
    ['the default port of https, spelled out', 'https://app.example.com/cb', 'https://app.example.com:443/cb'],
    ['another port of https on the loopback', 'https://127.0.0.1:8443/cb', 'https://127.0.0.1:8444/cb'],
    ['a subdomain', 'https://example.com/cb', 'https://app.example.com/cb'],
    ['a host in capitals', 'https://app.example.com/cb', 'https://APP.example.com/cb'],
    ['a final dot of the host', 'https://app.example.com/cb', 'https://app.example.com./cb'],
    ['a path where none was registered', 'https://app.example.com', 'https://app.example.com/'],
    ['two slashes for one after a private-use scheme', 'com.example.app:/cb', 'com.example.app://cb'],
    ['nothing', loopback, ''],
  ] as const) {
    it(`does not match ${what}`, () => {
      assert.equal(checkRedirectUri(registered), undefined)
      assert.equal(matchesRegistered(requested, [registered]), false)
    })
  }

  it('does not match when nothing is registered', () => assert.equal(matchesRegistered(loopback, []), false))

  it('matches only itself, and on a loopback address its like on another port, whatever is done to it', () => {
    const registered = tricks.flatMap(({ neighbours }) => neighbours)
    const edit = fc.record({
      at: fc.nat(60),
      remove: fc.nat(3),
      insert: fc.string({ unit: fc.constantFrom(...':/?#@\\.%0189a[]'), maxLength: 6 }),
    })
    fc.assert(
      fc.property(fc.constantFrom(...registered), edit, (uri, { at, remove, insert }) => {
        const requested = uri.slice(0, at) + insert + uri.slice(at + remove)
        if (!matchesRegistered(requested, [uri]) || requested === uri) return
        const [was, is] = [new URL(uri), new URL(requested)]
        assert.ok(['http://127.0.0.1', 'http://[::1]'].includes(`${is.protocol}//${is.hostname}`), requested)
        is.port = was.port
        assert.equal(is.href, was.href)
      }),
      { numRuns: 5_000 },
    )
    fc.assert(
      fc.property(fc.constantFrom('127.0.0.1', '[::1]'), fc.integer({ min: 1, max: 65_535 }), (host, port) =>
        matchesRegistered(`http://${host}:${port}/cb`, [`http://${host}/cb`]),
      ),
    )
  })
})
