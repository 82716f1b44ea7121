module example.com/chat

go 1.25

require (
	github.com/aws/aws-cdk-go/awscdk/v2 v2.252.0
	github.com/aws/constructs-go/constructs/v10 v10.5.1
	github.com/aws/jsii-runtime-go v1.140.0
	github.com/cdk-ivs-chat/cdk-ivs-chat-go/cdkivschat v0.1.0
)
