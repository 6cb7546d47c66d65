// Takes the credentials of the task's role, signs a call of STS with them as an SDK would, and says
// who it is taken for.
const { createHash, createHmac } = require('crypto');
const variables = process.env;

const hash = (text) => createHash('sha256').update(text).digest('hex');
const sign = (key, text) => createHmac('sha256', key).update(text).digest();

async function credentials() {
  const whole = variables.AWS_CONTAINER_CREDENTIALS_FULL_URI;
  const relative = variables.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
  const answer = await fetch(whole ?? `http://169.254.170.2${relative}`);
  return answer.json();
}

// Signature version 4 over the headers given and the body.
function authorization(keys, headers, body) {
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const signed = names.join(';');
  const request = ['POST', '/', '', lines, signed, hash(body)].join('\n');
  const time = headers['x-amz-date'];
  const parts = [time.slice(0, 8), variables.AWS_REGION, 'sts', 'aws4_request'];
  const scope = parts.join('/');
  const text = ['AWS4-HMAC-SHA256', time, scope, hash(request)].join('\n');
  const key = parts.reduce(sign, `AWS4${keys.SecretAccessKey}`);
  const signature = sign(key, text).toString('hex');
  const credential = `${keys.AccessKeyId}/${scope}`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signed}, Signature=${signature}`;
}

(async () => {
  const keys = await credentials();
  const lasting = Math.round((Date.parse(keys.Expiration) - Date.now()) / 60_000);
  console.log(`role ${keys.RoleArn}`);
  console.log(`minutes ${lasting}`);
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    host: new URL(variables.AWS_ENDPOINT_URL).host,
    'x-amz-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
    'x-amz-security-token': keys.Token,
  };
  headers.authorization = authorization(keys, headers, body);
  const answer = await fetch(variables.AWS_ENDPOINT_URL, { method: 'POST', headers, body });
  const text = await answer.text();
  console.log(`identity ${/<Arn>(.*)<\/Arn>/.exec(text)?.[1] ?? text}`);
})();
