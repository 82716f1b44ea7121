import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';

/** The scopes of the packages that Lambda's Node.js runtimes contain. CDK's NodejsFunction does not bundle them. */
const SCOPES = ['@aws-sdk', '@smithy'];
const IVS_CHAT_CLIENT = '@aws-sdk/client-ivschat';

/**
 * Makes the AWS SDK available to the functions in a folder, as in Lambda's Node.js runtimes. The packages are those of
 * the application. If it does not have `@aws-sdk/client-ivschat`, the client of this package replaces it.
 *
 * @param root The folder that contains the folders of the functions.
 * @param application The folder of the application.
 */
export function linkRuntimeModules(root: string, application = process.cwd()): void {
  const linked = path.join(root, 'node_modules');
  for (const modules of moduleFolders(application)) {
    for (const scope of SCOPES) {
      const packages = path.join(modules, scope);
      if (!existsSync(packages)) continue;
      mkdirSync(path.join(linked, scope), { recursive: true });
      for (const name of readdirSync(packages)) {
        const link = path.join(linked, scope, name);
        if (!existsSync(link)) symlinkSync(path.join(packages, name), link, 'junction');
      }
    }
  }
  if (!existsSync(path.join(linked, IVS_CHAT_CLIENT))) addIvsChatClient(path.join(linked, IVS_CHAT_CLIENT));
}

/** Returns the folders in which Node.js looks for the packages of an application, nearest first. */
function moduleFolders(application: string): string[] {
  const parents = [path.resolve(application)];
  for (let parent = path.dirname(parents[0]!); parent !== parents.at(-1); parent = path.dirname(parent)) {
    parents.push(parent);
  }
  return parents.map((parent) => path.join(parent, 'node_modules'));
}

/** Writes a package with the client of this package, which is a drop-in replacement. */
function addIvsChatClient(folder: string): void {
  const client = createRequire(path.join(__dirname, 'index.js')).resolve('cdk-ivs-chat/client');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: IVS_CHAT_CLIENT, main: 'index.js' }));
  writeFileSync(path.join(folder, 'index.js'), `module.exports = require(${JSON.stringify(client)});\n`);
}
