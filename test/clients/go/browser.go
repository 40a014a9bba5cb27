package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	oidctypes "github.com/aws/aws-sdk-go-v2/service/ssooidc/types"
)

const (
	deviceCode        = "urn:ietf:params:oauth:grant-type:device_code"
	authorizationCode = "authorization_code"
	redirectURI       = "http://127.0.0.1:53682/oauth/callback"
)

// The SDK knows the operations; the address of the authorization endpoint and the proof are the program's own to make.
func (t traveller) signInByBrowser(ctx context.Context) {
	client, err := t.oidc.RegisterClient(ctx, &ssooidc.RegisterClientInput{
		ClientName: aws.String("journey"), ClientType: aws.String("public"), Scopes: []string{"sso:account:access"},
		GrantTypes: []string{authorizationCode, refreshToken}, IssuerUrl: &startURL,
		RedirectUris: []string{"http://127.0.0.1/oauth/callback"},
	})
	step("RegisterClient", "", err)

	verifier := rand.Text() + rand.Text()
	challenge := sha256.Sum256([]byte(verifier))
	query := url.Values{
		"response_type": {"code"}, "client_id": {*client.ClientId}, "redirect_uri": {redirectURI}, "state": {"here"},
		"code_challenge_method": {"S256"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])},
		"scopes": {"sso:account:access"},
	}
	location, err := url.Parse(open(*t.aws.BaseEndpoint+"/authorize?"+query.Encode(), "approve"))
	check(err)

	redeem := func(verifier string) (*ssooidc.CreateTokenOutput, error) {
		return t.oidc.CreateToken(ctx, &ssooidc.CreateTokenInput{
			ClientId: client.ClientId, ClientSecret: client.ClientSecret, GrantType: aws.String(authorizationCode),
			Code: aws.String(location.Query().Get("code")), RedirectUri: aws.String(redirectURI), CodeVerifier: &verifier,
		})
	}
	_, err = redeem(rand.Text() + rand.Text())
	refused[*oidctypes.InvalidGrantException]("CreateToken", authorizationCode, err)
	_, err = redeem(verifier)
	step("CreateToken", authorizationCode, err)
}
