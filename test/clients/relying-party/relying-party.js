/**
 * A web application that knows its people from elsewhere, as its developers would write it with express-openid-connect: one
 * page for whoever signed in, and a way out. It is told its provider, client id and secret by its environment, and prints its
 * own address.
 */
import { randomBytes } from 'node:crypto'
import express from 'express'
import openid from 'express-openid-connect'

const { auth, requiresAuth } = openid

const app = express()
const server = app.listen(0, '127.0.0.1', () => {
  const baseURL = `http://127.0.0.1:${server.address().port}`
  app.use(
    auth({
      baseURL,
      issuerBaseURL: process.env.ISSUER,
      clientID: process.env.CLIENT_ID,
      clientSecret: process.env.CLIENT_SECRET,
      secret: randomBytes(32).toString('hex'),
      authRequired: false,
      idpLogout: true,
      routes: { postLogoutRedirect: '/bye' },
      authorizationParams: {
        response_type: 'code',
        response_mode: 'query',
        scope: 'openid profile email',
        ...(process.env.MAX_AGE === undefined ? {} : { max_age: Number(process.env.MAX_AGE) }),
      },
    }),
  )
  app.get('/bye', (_request, response) => void response.send('Goodbye.'))
  app.get('/profile', requiresAuth(), async (request, response) => {
    const { idTokenClaims } = request.oidc
    response.json({ idTokenClaims, userInfo: await request.oidc.fetchUserInfo() })
  })
  app.use((error, _request, response, _next) => {
    console.error(error)
    response.status(error.status ?? 500).json({ error: error.error })
  })
  console.log(baseURL)
})
