// Starts npm's certified OpenID provider, for tests: a provider that nobody here wrote.
//
//   node oidc-provider.mjs '{"port": 0, "client": {…}, "accounts": […]}'
//
// port      0 takes a free one
// client    id, secret, redirectUri; optional: postLogoutRedirectUri, authMethod (client_secret_basic)
// accounts  who can sign in: sub, email, name; optional: emailVerified (false: not verified; absent: not said)
//
// It listens on 127.0.0.1 only. Once it is ready it prints one line on standard output, {"port": …, "issuer": …}; all
// else that it has to say goes to standard error. It ends when its standard input ends. Its pages are plain HTML
// without a script, and ask nobody else for anything: a button for each account, then Allow or Deny.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import process from 'node:process';

// Standard output belongs to the one line; the provider's notes must not get between.
console.log = console.error;
console.info = console.error;
console.warn = console.error;

// The provider counts on URL.parse, which Node has from version 22 on.
URL.parse ??= (url, base) => {
  try {
    return new URL(url, base);
  } catch {
    return null;
  }
};

const { default: Provider } = await import('oidc-provider');

const { port = 0, client, accounts } = JSON.parse(process.argv[2]);

const escaped = (text) => String(text).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

const page = (title, body) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escaped(title)}</title></head>
<body><main><h1>${escaped(title)}</h1>
${body}
</main></body>
</html>
`;

function claimsOf({ sub, email, name, emailVerified }) {
  const claims = { sub, email, name, preferred_username: email };
  return emailVerified === undefined ? claims : { ...claims, email_verified: emailVerified };
}

function configuration() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'first' };
  return {
    clients: [{
      client_id: client.id,
      client_secret: client.secret,
      redirect_uris: [client.redirectUri],
      post_logout_redirect_uris: client.postLogoutRedirectUri ? [client.postLogoutRedirectUri] : [],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: client.authMethod ?? 'client_secret_basic',
      id_token_signed_response_alg: 'RS256',
    }],
    // Claims of a scope are at the userinfo endpoint and not in the ID token, as OpenID Connect Core 5.4 has it for the code flow.
    conformIdTokenClaims: true,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
    responseTypes: ['code'],
    pkce: { required: () => true },
    jwks: { keys: [key] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    ttl: { AccessToken: 3600, AuthorizationCode: 60, Grant: 3600, IdToken: 3600, Interaction: 3600, RefreshToken: 3600, Session: 3600 },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource(ctx, form) {
          ctx.body = page('Sign out of the provider?', `${form}
<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>
<button type="submit" form="op.logoutForm">Stay signed in</button>`);
        },
        postLogoutSuccessSource(ctx) {
          ctx.body = page('Signed out of the provider', '');
        },
      },
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount(_, sub) {
      const account = accounts.find((one) => one.sub === sub);
      return account && { accountId: sub, claims: () => claimsOf(account) };
    },
    renderError(ctx, out) {
      ctx.type = 'html';
      const lines = Object.entries(out).map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`);
      ctx.body = page('The provider refused', `<dl>${lines.join('\n')}</dl>`);
    },
  };
}

function interactionPage({ prompt, params }) {
  const buttons = prompt.name === 'login'
    ? accounts.map(({ sub, name, email }) =>
      `<p><button name="account" value="${escaped(sub)}">${escaped(name)} (${escaped(email)})</button></p>`)
    : ['<p><button name="answer" value="allow">Allow</button></p>'];
  buttons.push('<p><button name="answer" value="deny">Deny</button></p>');
  const title = prompt.name === 'login' ? 'Sign in to the provider' : 'Allow access?';
  return page(title, `<p>For ${escaped(params.client_id)}: ${escaped(params.scope)}</p>
<form method="post">${buttons.join('\n')}</form>`);
}

async function read(request) {
  let text = '';
  for await (const part of request) {
    text += part;
    if (text.length > 10_000) throw new Error('the form is too long');
  }
  return new URLSearchParams(text);
}

/** What the provider should do with the button that was pressed. */
async function result(provider, { prompt, params, session, grantId }, form) {
  if (form.get('answer') === 'deny') {
    return { error: 'access_denied', error_description: 'The person at the browser said no.' };
  }
  if (prompt.name === 'login') {
    return { login: { accountId: form.get('account') } };
  }
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return { consent: { grantId: await grant.save() } };
}

async function interact(provider, request, response) {
  const details = await provider.interactionDetails(request, response);
  if (request.method === 'POST') {
    const chosen = await result(provider, details, await read(request));
    await provider.interactionFinished(request, response, chosen, { mergeWithLastSubmission: true });
  } else {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    response.end(interactionPage(details));
  }
}

let provider;
let handle;
const server = createServer((request, response) => {
  if (!request.url.startsWith('/interaction/')) {
    handle(request, response);
    return;
  }
  interact(provider, request, response).catch((problem) => {
    response.writeHead(400, { 'content-type': 'text/html; charset=utf-8' });
    response.end(page('The provider refused', `<p>${escaped(problem.message)}</p>`));
  });
});

server.listen(port, '127.0.0.1', () => {
  const bound = server.address().port;
  const issuer = `http://127.0.0.1:${bound}`;
  provider = new Provider(issuer, configuration());
  handle = provider.callback();
  process.stdout.write(`${JSON.stringify({ port: bound, issuer })}\n`);
});
server.on('error', (problem) => {
  console.error(`The provider cannot listen on 127.0.0.1:${port}: ${problem.message}`);
  process.exit(1);
});

process.stdin.on('end', () => process.exit(0)).resume();
