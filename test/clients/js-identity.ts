/** Prints who the profile named as the first argument is, as JSON: what any program with the AWS SDK for JavaScript v3 does. */
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { fromSSO } from '@aws-sdk/credential-provider-sso'

const [profile = ''] = process.argv.slice(2)
const { Account, Arn } = await new STSClient({ region: 'us-east-1', credentials: fromSSO({ profile }) }).send(
  new GetCallerIdentityCommand({}),
)
console.log(JSON.stringify({ Account, Arn }))
