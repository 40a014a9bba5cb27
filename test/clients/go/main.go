// Command journey goes through the journey of ../journey.ts with the AWS SDK for Go v2, as any Go program would use it:
// the address of the service comes from the environment, the profile from ~/.aws/config, and errors are told apart with
// errors.As.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/sso/types"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	oidctypes "github.com/aws/aws-sdk-go-v2/service/ssooidc/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

const refreshToken = "refresh_token"

var (
	startURL  = os.Getenv("START_URL")
	accountID = os.Getenv("ACCOUNT_ID")
	roleName  = os.Getenv("ROLE_NAME")
)

// traveller is a program with the two clients that sign a person in.
type traveller struct {
	aws    aws.Config
	oidc   *ssooidc.Client
	portal *sso.Client
}

func main() {
	log.SetFlags(0)
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	check(err)
	t := traveller{aws: cfg, oidc: ssooidc.NewFromConfig(cfg), portal: sso.NewFromConfig(cfg)}

	client := t.register(ctx)
	token := t.signInByDevice(ctx, client)
	t.beRefused(ctx, client)
	token = t.refresh(ctx, client, token)
	t.useThePortal(ctx, token)
	say(map[string]any{"cache": map[string]any{
		"accessToken": token.AccessToken, "refreshToken": token.RefreshToken,
		"clientId": client.ClientId, "clientSecret": client.ClientSecret,
		"registrationExpiresAt": rfc3339(client.ClientSecretExpiresAt),
	}})
	listen()
	t.useProfiles(ctx)
	t.signInByBrowser(ctx)
	t.signOut(ctx, client, token)
	say(map[string]any{"sdk": aws.SDKVersion})
}

func (t traveller) register(ctx context.Context) *ssooidc.RegisterClientOutput {
	client, err := t.oidc.RegisterClient(ctx, &ssooidc.RegisterClientInput{
		ClientName: aws.String("journey"), ClientType: aws.String("public"), Scopes: []string{"sso:account:access"},
	})
	step("RegisterClient", "", err)
	return client
}

// A device that waits for its person.
type device struct {
	client *ssooidc.RegisterClientOutput
	*ssooidc.StartDeviceAuthorizationOutput
}

func (t traveller) startDevice(ctx context.Context, client *ssooidc.RegisterClientOutput) (device, error) {
	started, err := t.oidc.StartDeviceAuthorization(ctx, &ssooidc.StartDeviceAuthorizationInput{
		ClientId: client.ClientId, ClientSecret: client.ClientSecret, StartUrl: &startURL,
	})
	return device{client, started}, err
}

func (t traveller) poll(ctx context.Context, d device) (*ssooidc.CreateTokenOutput, error) {
	return t.oidc.CreateToken(ctx, &ssooidc.CreateTokenInput{
		ClientId: d.client.ClientId, ClientSecret: d.client.ClientSecret,
		GrantType: aws.String(deviceCode), DeviceCode: d.DeviceCode,
	})
}

func (t traveller) signInByDevice(ctx context.Context, client *ssooidc.RegisterClientOutput) *ssooidc.CreateTokenOutput {
	waiting, err := t.startDevice(ctx, client)
	step("StartDeviceAuthorization", "", err)
	_, err = t.poll(ctx, waiting)
	refused[*oidctypes.AuthorizationPendingException]("CreateToken", deviceCode, err)
	open(*waiting.VerificationUriComplete, "approve")
	token, err := t.poll(ctx, waiting)
	step("CreateToken", deviceCode, err)
	return token
}

func (t traveller) beRefused(ctx context.Context, client *ssooidc.RegisterClientOutput) {
	other, err := t.oidc.RegisterClient(ctx, &ssooidc.RegisterClientInput{
		ClientName: aws.String("another"), ClientType: aws.String("public"),
	})
	check(err)

	waiting, err := t.startDevice(ctx, client)
	check(err)
	_, err = t.poll(ctx, device{other, waiting.StartDeviceAuthorizationOutput})
	refused[*oidctypes.InvalidGrantException]("CreateToken", deviceCode, err)

	for range 100 {
		if _, err = t.poll(ctx, waiting); !is[*oidctypes.AuthorizationPendingException](err) {
			break
		}
	}
	refused[*oidctypes.SlowDownException]("CreateToken", deviceCode, err)

	waiting, err = t.startDevice(ctx, client)
	check(err)
	open(*waiting.VerificationUriComplete, "deny")
	_, err = t.poll(ctx, waiting)
	refused[*oidctypes.AccessDeniedException]("CreateToken", deviceCode, err)

	impostor := *client
	impostor.ClientSecret = aws.String("wrong")
	_, err = t.poll(ctx, device{&impostor, waiting.StartDeviceAuthorizationOutput})
	refused[*oidctypes.InvalidClientException]("CreateToken", deviceCode, err)

	_, err = t.oidc.CreateToken(ctx, &ssooidc.CreateTokenInput{
		ClientId: client.ClientId, ClientSecret: client.ClientSecret, GrantType: aws.String("password"),
	})
	refused[*oidctypes.UnsupportedGrantTypeException]("CreateToken", "password", err)
}

func (t traveller) refresh(
	ctx context.Context, client *ssooidc.RegisterClientOutput, token *ssooidc.CreateTokenOutput,
) *ssooidc.CreateTokenOutput {
	redeem := func(token *string) (*ssooidc.CreateTokenOutput, error) {
		return t.oidc.CreateToken(ctx, &ssooidc.CreateTokenInput{
			ClientId: client.ClientId, ClientSecret: client.ClientSecret,
			GrantType: aws.String(refreshToken), RefreshToken: token,
		})
	}
	refreshed, err := redeem(token.RefreshToken)
	step("CreateToken", refreshToken, err)
	if *refreshed.AccessToken == *token.AccessToken {
		log.Fatal("a refresh gave the same access token")
	}
	_, err = redeem(aws.String("none"))
	refused[*oidctypes.InvalidGrantException]("CreateToken", refreshToken, err)
	return refreshed
}

func (t traveller) useThePortal(ctx context.Context, token *ssooidc.CreateTokenOutput) {
	step("ListAccounts", "", t.findAccount(ctx, token))
	step("ListAccountRoles", "", t.findRole(ctx, token))

	granted, err := t.portal.GetRoleCredentials(ctx, &sso.GetRoleCredentialsInput{
		AccessToken: token.AccessToken, AccountId: &accountID, RoleName: &roleName,
	})
	step("GetRoleCredentials", "", err)
	_, err = t.portal.GetRoleCredentials(ctx, &sso.GetRoleCredentialsInput{
		AccessToken: token.AccessToken, AccountId: aws.String("999999999999"), RoleName: aws.String("Nobody"),
	})
	// The SDK has no type for it: its model does not declare it, and the service answers it all the same.
	var failed smithy.APIError
	if !errors.As(err, &failed) {
		log.Fatalf("expected an error of the service, got %v", err)
	}
	report("GetRoleCredentials", "", failed.ErrorCode())
	_, err = t.portal.ListAccounts(ctx, &sso.ListAccountsInput{AccessToken: aws.String("none")})
	refused[*ssotypes.UnauthorizedException]("ListAccounts", "", err)

	with := t.aws.Copy()
	with.Credentials = credentials.NewStaticCredentialsProvider(
		*granted.RoleCredentials.AccessKeyId, *granted.RoleCredentials.SecretAccessKey, *granted.RoleCredentials.SessionToken,
	)
	step("GetCallerIdentity", "", identify(ctx, with))
}

func (t traveller) findAccount(ctx context.Context, token *ssooidc.CreateTokenOutput) error {
	pages := sso.NewListAccountsPaginator(t.portal, &sso.ListAccountsInput{
		AccessToken: token.AccessToken, MaxResults: aws.Int32(1),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, account := range page.AccountList {
			if *account.AccountId == accountID {
				return nil
			}
		}
	}
	return fmt.Errorf("account %s is not listed", accountID)
}

func (t traveller) findRole(ctx context.Context, token *ssooidc.CreateTokenOutput) error {
	pages := sso.NewListAccountRolesPaginator(t.portal, &sso.ListAccountRolesInput{
		AccessToken: token.AccessToken, AccountId: &accountID, MaxResults: aws.Int32(1),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, role := range page.RoleList {
			if *role.RoleName == roleName {
				return nil
			}
		}
	}
	return fmt.Errorf("role %s is not listed", roleName)
}

// The SDK's own way: a profile in ~/.aws/config, and the token cache that the AWS tools share.
func (t traveller) useProfiles(ctx context.Context) {
	for _, profile := range []string{"dev", "legacy"} {
		step("GetCallerIdentity", "", identifyAs(ctx, profile))
	}
}

func (t traveller) signOut(
	ctx context.Context, client *ssooidc.RegisterClientOutput, token *ssooidc.CreateTokenOutput,
) {
	_, err := t.portal.Logout(ctx, &sso.LogoutInput{AccessToken: token.AccessToken})
	step("Logout", "", err)
	_, err = t.portal.ListAccounts(ctx, &sso.ListAccountsInput{AccessToken: token.AccessToken})
	refused[*ssotypes.UnauthorizedException]("ListAccounts", "", err)
	_, err = t.oidc.CreateToken(ctx, &ssooidc.CreateTokenInput{
		ClientId: client.ClientId, ClientSecret: client.ClientSecret,
		GrantType: aws.String(refreshToken), RefreshToken: token.RefreshToken,
	})
	refused[*oidctypes.InvalidGrantException]("CreateToken", refreshToken, err)
	refused[*ssotypes.UnauthorizedException]("GetCallerIdentity", "", identifyAs(ctx, "dev"))
}

func identifyAs(ctx context.Context, profile string) error {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithSharedConfigProfile(profile))
	if err != nil {
		return err
	}
	return identify(ctx, cfg)
}

func identify(ctx context.Context, cfg aws.Config) error {
	identity, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err == nil && *identity.Account != accountID {
		return fmt.Errorf("the account is %s", *identity.Account)
	}
	return err
}

// step reports a call that must succeed.
func step(operation, grant string, err error) {
	if err != nil {
		log.Fatalf("%s: %v", operation, err)
	}
	report(operation, grant, "ok")
}

// refused reports a call that must fail with an error of that type.
func refused[E error](operation, grant string, err error) {
	if !is[E](err) {
		log.Fatalf("%s: expected %v, got %v", operation, reflect.TypeFor[E](), err)
	}
	report(operation, grant, reflect.TypeFor[E]().Elem().Name())
}

func is[E error](err error) bool {
	var target E
	return errors.As(err, &target)
}
