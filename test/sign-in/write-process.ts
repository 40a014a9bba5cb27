/** A program that writes tokens for as long as it is let: each one long, and whole. */
import { fileStore } from 'ssooidc/sign-in'

const session = { name: 'work', startUrl: 'https://example.com/start', region: 'us-east-1' }
const store = fileStore()
for (let i = 0; ; i++) {
  await store.exclusively(session, () =>
    store.write(session, { ...session, accessToken: `${i}`.padStart(4_000, 'x'), expiresAt: Date.UTC(2030, 0) }),
  )
  if (i === 0) console.log('writing')
}
