/** A program of its own that needs a token: prints the one it gets. Arguments: where the service is; whom to be from then on. */
import { fileStore, refresh } from 'ssooidc/sign-in'

const [endpoint = '', user] = process.argv.slice(2)
if (user !== undefined) process.seteuid?.(Number(user))
const session = { name: 'work', startUrl: 'http://127.0.0.1:8000/start', region: 'us-east-1' }
// Somebody else may be barred from the sources: nothing is loaded from then on.
const store = user === undefined ? undefined : fileStore()
const { accessToken } = await refresh(session, { client: { endpoint }, store })
console.log(accessToken)
