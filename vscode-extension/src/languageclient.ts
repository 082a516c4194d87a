/** The language client: a file of its own, read when the server starts, since reading it takes longer than all the rest. */

export { LanguageClient, State } from 'vscode-languageclient/node';
