/** A program of its own that needs a token: prints the one it gets. Arguments: where the service is. */
import { refresh } from 'ssooidc/sign-in'

const [endpoint = ''] = process.argv.slice(2)
const session = { name: 'work', startUrl: 'http://127.0.0.1:8000/start', region: 'us-east-1' }
const { accessToken } = await refresh(session, { client: { endpoint } })
console.log(accessToken)
