/**
 * What people see: one file a page, with a view and the model that it shows. A view is a pure function from its model to
 * markup. It fetches nothing, decides nothing and knows no clock; the words for what it is given are its own. Every page works
 * without the script, under a policy that allows nothing inline.
 *
 * Not its job: routes, cookies, CSRF checks and use cases. They make the models and answer a form with 303.
 */
export { type AccountModel, accountPage } from './account/account.ts'
export { type DisownModel, disownPage } from './account/disown.ts'
export { oneTimeCodesPage } from './account/one-time-codes.ts'
export { type PasswordModel, passwordPage } from './account/password.ts'
export { recoveryCodesPage } from './account/recovery-codes.ts'
export { type Asset, assets } from './assets.ts'
export { type ConsentModel, consentPage } from './consent.ts'
export { type DeviceCodeModel, deviceCodePage } from './device/code.ts'
export { type DeviceConfirmModel, deviceConfirmPage } from './device/confirm.ts'
export { type DeviceEndingModel, type DeviceOutcome, deviceEndingPage, deviceOutcomes } from './device/ending.ts'
export { type EndSessionModel, endSessionPage } from './end-session.ts'
export { type ErrorModel, errorPage } from './error.ts'
export { enrolPage } from './factors/enrol.ts'
export { secondFactorPage } from './factors/second-factor.ts'
export { type ChooseModel, choosePage } from './links/choose.ts'
export { forgotPage } from './links/forgot.ts'
export type { Html } from './parts/html.ts'
export type { Frame, Person } from './parts/layout.ts'
export type { Reach } from './parts/request.ts'
export { paths, rolePath } from './paths.ts'
export { contentSecurityPolicy } from './policy.ts'
export { type AccountsModel, accountsPage, type PortalAccount } from './portal/accounts.ts'
export { type CliSetUpModel, cliSetUpPage } from './portal/cli-set-up.ts'
export { type CredentialsModel, credentialsPage } from './portal/credentials.ts'
export { type SetUpField, type SetUpModel, setUpPage } from './set-up.ts'
export { type SignInModel, signInPage } from './sign-in.ts'
export { type SignedOutModel, signedOutPage } from './signed-out.ts'
