/**
 * Which versions of the clients from Python's index are tested, and all that they need there. `install.sh` installs these and no
 * others, so that what somebody else publishes tomorrow changes nothing here. To test a newer one, change its lines, run
 * `npm run test:clients:all`, and commit what it kept: the page of conformance is drawn from that.
 *
 * Not here: what has a lock file of its own (`relying-party/`, `go/`, `java/`, `rust/`, `../client/runtimes/`), and what comes
 * from a release of Debian, which stays as it is but for its security updates.
 *
 * `node test/clients/versions.ts boto3` prints what pip is to install for a client.
 */

type Pinned = {
  /** As the client itself says it. */
  readonly version: string
  /** As pip reads them: everything, since nothing else is installed. None for what Debian brings. */
  readonly requirements: readonly string[]
}

/** The clients by the names of their folders below `node_modules/.cache/clients`. */
export const clients = {
  /**
   * AWS's own build, which brings its Python along: an executable for Linux on x86-64. AWS publishes it nowhere in an index but
   * inside this package, which is meant for Lambda.
   */
  'aws-cli-2': {
    version: '2.38.5',
    requirements: [
      'aws-cdk-asset-awscli-v2==2.0.198 --hash=sha256:5887128f28f49fddb74b59e6dbb51764f7bb5587758982cd61a13b6d1f1228e6',
    ],
  },

  /** That of Debian 12, the oldest that is in wide use: the device flow only, no endpoint settings. */
  'aws-cli-2-of-debian-12': { version: '2.9.19', requirements: [] },

  'aws-cli-1': {
    version: '1.46.3',
    requirements: [
      'awscli==1.46.3',
      'colorama==0.4.6',
      'docutils==0.19',
      'jmespath==1.1.0',
      'pyasn1==0.6.5',
      'python-dateutil==2.9.0.post0',
      'PyYAML==6.0.4',
      'rsa==4.7.2',
      'six==1.17.0',
      'urllib3==2.8.0',
    ],
  },

  /** As it was in November 2022. It asks for a PyYAML that no longer builds, and runs with the one that does. */
  'aws-cli-1-of-2022': {
    version: '1.27.10',
    requirements: [
      'awscli==1.27.10',
      'botocore==1.29.10',
      'colorama==0.4.4',
      'docutils==0.16',
      'jmespath==1.1.0',
      'pyasn1==0.6.5',
      'python-dateutil==2.9.0.post0',
      'PyYAML==6.0.4',
      'rsa==4.7.2',
      's3transfer==0.6.2',
      'six==1.17.0',
      'urllib3==1.26.20',
    ],
  },

  boto3: {
    version: '1.44.5',
    requirements: [
      'boto3==1.44.5',
      'botocore==1.44.5',
      'jmespath==1.1.0',
      'python-dateutil==2.9.0.post0',
      's3transfer==0.19.3',
      'six==1.17.0',
      'urllib3==2.8.0',
    ],
  },

  /** With Flask, through which web applications use it. */
  authlib: {
    version: '1.9.10',
    requirements: [
      'Authlib==1.9.10',
      'blinker==1.9.0',
      'certifi==2026.10.19.post1',
      'cffi==2.1.1',
      'charset-normalizer==3.5.2',
      'click==8.5.1',
      'cryptography==50.0.2',
      'Flask==3.1.3',
      'idna==3.20',
      'itsdangerous==2.2.0',
      'Jinja2==3.1.6',
      'joserfc==1.8.0',
      'MarkupSafe==3.0.4',
      'pycparser==3.12',
      'requests==2.34.2',
      'urllib3==2.8.0',
      'Werkzeug==3.1.9',
    ],
  },
} as const satisfies Record<string, Pinned>

if (import.meta.main) {
  const asked = new Map<string | undefined, Pinned>(Object.entries(clients)).get(process.argv[2])
  if (asked === undefined) throw new Error(`there is no ${process.argv[2]}, only ${Object.keys(clients).join(', ')}`)
  console.log(asked.requirements.join('\n'))
}
