import {
  type AwsInstance,
  type AwsProfile,
  awsProfile,
  awsSession,
  endpointRuleSetCommand,
} from '../../../core/access/aws-config.ts'
import { copyable } from '../parts/copyable.ts'
import { type Html, html } from '../parts/html.ts'
import { type Frame, layout, type Person } from '../parts/layout.ts'
import { paths } from '../paths.ts'

export type CliSetUpModel = Frame &
  AwsInstance &
  AwsProfile & {
    person: Person
    accountName: string
  }

/** How to set up the AWS CLI for one role: what to paste where, and what to run then. */
export function cliSetUpPage(model: CliSetUpModel): Html {
  const { accountName, accountId, roleName, profile, url } = model
  return layout(model, {
    title: `AWS CLI for ${roleName} in ${accountName}`,
    kind: 'hall',
    content: html`<nav aria-label="Back"><a class="back" href="${paths.start}">Your accounts</a></nav>
<h1>Set up the AWS CLI</h1>
<p class="lead">for ${roleName} in ${accountName} <code>${accountId}</code></p>
<p>Works with the AWS CLI from version 2.13 and with the AWS SDKs of 2024 and later. Nothing here is secret.</p>
<h2>Configure</h2>
<div class="copyables column-of-one">
${copyable({
  id: 'session',
  title: 'Once on each computer',
  hint: html`Add to <code>~/.aws/config</code>, if it is not there yet. Every role shares it.`,
  text: awsSession(model),
})}
${copyable({
  id: 'profile',
  title: 'Once for each role',
  hint: html`Add to the same file. The name <code>${profile}</code> is yours to change.`,
  text: awsProfile(model),
})}
</div>
<h2>Use</h2>
<div class="copyables column-of-one">
${copyable({
  id: 'sign-in',
  title: 'Sign in',
  hint: 'Opens this site in a browser and asks you to approve.',
  text: `aws sso login --profile ${profile}`,
})}
${copyable({
  id: 'sign-in-device',
  title: 'Sign in on a computer without a browser',
  hint: 'Shows an address and a code to open on your phone. Before version 2.22 it is what happens anyway: leave the option out.',
  text: `aws sso login --profile ${profile} --use-device-code`,
})}
${copyable({
  id: 'identity',
  title: 'See who you are',
  text: `aws sts get-caller-identity --profile ${profile}`,
})}
</div>
<details class="older">
<summary>An AWS CLI from 2.9 to 2.12</summary>
<p>These versions read endpoints from files only. Configure as above, then run this once in a terminal. It sends all sign-ins of
this computer here; to undo that, delete the three files again.</p>
${copyable({ id: 'rule-sets', title: 'Write the endpoint files', text: endpointRuleSetCommand(url) })}
</details>`,
  })
}
