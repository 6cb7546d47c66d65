//! A region for the tests of handlers: calls go through the table, as they do in the engine, and
//! every refusal is held against the errors that AWS's model declares for the operation.

mod layers;
mod memory;
mod notary;

use crate::{Caller, Credentials, Cx, Errand, Handler, Issuer, NoSession, Opened, Sessions, Table};
use api::{Call, Fault, Field, Protocol, Service};
pub(crate) use memory::Memory;
use model::{Ids, Pace, Place, Span, Timestamp};
pub(crate) use notary::Notary;
use world::{Draft, Row, Vpc, World};

/// What any operation of a service that speaks JSON can give.
const JSON_COMMON: [&str; 3] = ["ValidationException", "AccessDeniedException", "InternalFailure"];

/// What every operation of ELBv2, IAM, STS and CloudWatch can answer.
const COMMON: [&str; 3] = ["ValidationError", "AccessDenied", "InternalFailure"];
/// Codes that services answer and their models do not declare.
const UNDECLARED: [&str; 4] = [
    "UnsupportedCertificate",
    "InvalidParameterCombination",
    "InvalidParameterValue",
    // DeleteDashboards, as its documentation has it.
    "ResourceNotFound",
];
/// Those of S3's error codes that its handlers give; its model declares few.
const S3: [&str; 32] = [
    "AccessControlListNotSupported",
    "EntityTooSmall",
    "InternalFailure",
    "InvalidPart",
    "InvalidPartOrder",
    "InvalidRange",
    "InvalidRequest",
    "KeyTooLongError",
    "MethodNotAllowed",
    "NoSuchKey",
    "NoSuchUpload",
    "NoSuchVersion",
    "NotModified",
    "PreconditionFailed",
    "AccessDenied",
    "BucketNotEmpty",
    "IllegalLocationConstraintException",
    "InvalidArgument",
    "InvalidBucketAclWithObjectOwnership",
    "InvalidBucketName",
    "InvalidLocationConstraint",
    "InvalidTag",
    "MalformedPolicy",
    "MalformedXML",
    "NoSuchBucket",
    "NoSuchBucketPolicy",
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "NoSuchTagSet",
    "NotImplemented",
    "OperationAborted",
    "OwnershipControlsNotFoundError",
];
/// Those of EC2's error codes that its handlers give; its model declares none.
const EC2: [&str; 46] = [
    "AddressLimitExceeded",
    "CannotDelete",
    "DependencyViolation",
    "DryRunOperation",
    "Gateway.NotAttached",
    "InvalidAddress.NotFound",
    "InvalidAllocationID.NotFound",
    "InvalidAssociationID.NotFound",
    "InvalidGatewayID.NotFound",
    "InvalidGroup.Duplicate",
    "InvalidGroup.NotFound",
    "InvalidGroupId.Malformed",
    "InvalidID",
    "InvalidIPAddress.InUse",
    "InvalidInternetGatewayID.NotFound",
    "InvalidInternetGatewayId.Malformed",
    "InvalidNatGatewayID.NotFound",
    "InvalidNetworkAclID.NotFound",
    "InvalidNetworkAclId.Malformed",
    "InvalidNetworkInterfaceID.NotFound",
    "InvalidNetworkInterfaceId.Malformed",
    "InvalidNextToken",
    "InvalidParameterCombination",
    "InvalidParameterValue",
    "InvalidPermission.Duplicate",
    "InvalidPermission.NotFound",
    "InvalidRoute.NotFound",
    "InvalidRouteTableID.NotFound",
    "InvalidRouteTableId.Malformed",
    "InvalidSecurityGroupRuleId.NotFound",
    "InvalidSubnet.Conflict",
    "InvalidSubnet.Range",
    "InvalidSubnetID.Malformed",
    "InvalidSubnetID.NotFound",
    "InvalidVpc.Range",
    "InvalidVpcEndpointId.NotFound",
    "InvalidVpcID.Malformed",
    "InvalidVpcID.NotFound",
    "MissingParameter",
    "NatGatewayNotFound",
    "OperationNotPermitted",
    "Resource.AlreadyAssociated",
    "RouteAlreadyExists",
    "RulesPerSecurityGroupLimitExceeded",
    "TagLimitExceeded",
    "UnsupportedOperation",
];

/// A region with one World, one caller and a clock that moves when it is told to.
pub(crate) struct Region {
    pub(crate) world: World,
    pub(crate) now: Timestamp,
    pub(crate) pace: Pace,
    pub(crate) caller: Caller,
    pub(crate) logs: Memory,
    /// The bytes that come with the next call.
    pub(crate) received: Option<crate::Received>,
    /// What stands where the calls' `TemplateURL` leads to.
    pub(crate) template: Option<String>,
    layers: layers::Layers,
    ids: Ids,
    table: Table,
}

/// Credentials that say whose they are, so that a test sees what was asked for.
struct Fake;

/// Opens sessions whose token says what they are for.
struct Doorkeeper;

// === impl Region ===

impl Region {
    /// An empty region `eu-west-1` that can do what the table can.
    pub(crate) fn of(table: Table) -> Self {
        let place = Place { region: "eu-west-1".into(), account: "000000000000".into() };
        let vpc = Vpc::default_of(&place, [172, 31]);
        Self {
            world: World::empty(place, vpc),
            now: Timestamp::from_seconds(1_795_159_860),
            pace: Pace::REAL,
            caller: Caller {
                arn: "arn:aws:iam::000000000000:root".to_owned(),
                id: "000000000000".to_owned(),
            },
            logs: Memory::default(),
            received: None,
            template: None,
            layers: layers::Layers::default(),
            ids: Ids::seeded(7),
            table,
        }
    }

    /// Calls an operation. As in the engine, a refused call leaves no trace.
    pub(crate) fn call<C: Call>(&mut self, input: C::Input) -> Result<C::Output, Fault> {
        let cx = Cx {
            now: self.now,
            pace: self.pace,
            caller: &self.caller,
            logs: &self.logs,
            issuer: &Fake,
            authority: &Notary,
            layers: &self.layers,
            sessions: &Doorkeeper,
            registry: "localhost:4566",
            received: self.received.as_ref(),
            template: self.template.as_deref(),
        };
        let handler = self.table.find(C::OPERATION).expect("the operation is in the table");
        let input = input.into_value();
        let answer = match handler {
            Handler::Read(read) | Handler::Disk(read) => read(&self.world, &cx, input),
            Handler::Write(write) => {
                let mut draft = Draft::of(&self.world);
                let answer = write(&mut draft, &cx, &mut self.ids, input);
                if answer.is_ok() {
                    let committed = draft.commit();
                    self.world = committed.world;
                    for effect in committed.effects {
                        self.logs.carry_out(effect, self.now);
                    }
                }
                answer
            }
        };
        match answer {
            Ok(output) => Ok(C::Output::from_value(output).unwrap()),
            Err(fault) => {
                assert_declared::<C>(&fault);
                Err(fault)
            }
        }
    }

    /// Calls an operation that must work.
    pub(crate) fn ok<C: Call>(&mut self, input: C::Input) -> C::Output {
        let name = C::OPERATION.name;
        self.call::<C>(input).unwrap_or_else(|fault| panic!("{name} was refused: {fault}"))
    }

    /// Calls an operation that must be refused; answers the fault as `Code: message`.
    pub(crate) fn fault<C: Call>(&mut self, input: C::Input) -> String {
        let refused = self.call::<C>(input).map(|_| C::OPERATION.name);
        refused.expect_err("the call is refused").to_string()
    }

    /// Carries a step of a stack out, as the engine would.
    pub(crate) fn step(&mut self, step: impl FnOnce(&mut crate::cloudformation::Hand<'_>)) {
        let cx = Cx {
            now: self.now,
            pace: self.pace,
            caller: &self.caller,
            logs: &self.logs,
            issuer: &Fake,
            authority: &Notary,
            layers: &self.layers,
            sessions: &Doorkeeper,
            registry: "localhost:4566",
            received: self.received.as_ref(),
            template: self.template.as_deref(),
        };
        let mut draft = Draft::of(&self.world);
        let (table, ids) = (&self.table, &mut self.ids);
        let check = |_, _: &_| Ok(());
        step(&mut crate::cloudformation::Hand { draft: &mut draft, cx, ids, table, check });
        self.world = draft.commit().world;
    }

    /// Puts a row in, as another room would.
    pub(crate) fn put(&mut self, row: impl Into<Row>) {
        let mut draft = Draft::of(&self.world);
        draft.put(row);
        self.world = draft.commit().world;
    }

    /// Takes a row out, as another room would.
    pub(crate) fn remove(&mut self, key: world::RowKey) {
        let mut draft = Draft::of(&self.world);
        draft.remove(key);
        self.world = draft.commit().world;
    }

    /// Lets time pass.
    pub(crate) fn pass(&mut self, span: Span) {
        self.now += span;
    }
}

/// Every operation of the service that has shapes must be in the table: `wire` lets it in.
pub(crate) fn assert_complete(service: Service, table: &Table) {
    for operation in service.model().operations {
        assert!(table.find(operation).is_some(), "{} has no handler", operation.name);
    }
}

/// A handler's code must be one that AWS's model declares for the operation, or one that every
/// operation of its protocol can give.
fn assert_declared<C: Call>(fault: &Fault) {
    let operation = C::OPERATION;
    let protocol = operation.service.model().protocol();
    let declared = match protocol {
        Protocol::Json11 => operation.errors.iter().any(|error| error.name == fault.code),
        Protocol::Query | Protocol::Cbor | Protocol::Json10 => {
            operation.errors.iter().any(|error| error.code == fault.code)
        }
        Protocol::Ec2 => EC2.contains(&fault.code),
        Protocol::RestXml => {
            S3.contains(&fault.code)
                || operation.errors.iter().any(|error| error.code == fault.code)
        }
    };
    let common = match protocol {
        Protocol::Json11 => JSON_COMMON.contains(&fault.code),
        Protocol::Query | Protocol::Cbor | Protocol::Json10 => {
            COMMON.contains(&fault.code) || UNDECLARED.contains(&fault.code)
        }
        Protocol::Ec2 | Protocol::RestXml => false,
    };
    assert!(declared || common, "{} does not declare {fault}", operation.name);
}

// === impl Fake ===

impl Issuer for Fake {
    fn issue(&self, role_arn: &str, session: &str, now: Timestamp, lasting: Span) -> Credentials {
        Credentials {
            access_key: "ASIAAAAAAAAAAAAAAAAA".to_owned(),
            secret_key: "secret".into(),
            token: format!("{role_arn} as {session}").into(),
            expires: now + lasting,
        }
    }
}

// === impl Doorkeeper ===

impl Sessions for Doorkeeper {
    fn open(&self, errand: Errand, _: Timestamp) -> Result<Opened, NoSession> {
        let command = errand.command.reveal();
        Ok(Opened {
            id: "ecs-execute-command-1".to_owned(),
            url: "ws://localhost:4566/v1/data-channel/ecs-execute-command-1".to_owned(),
            token: format!("{} in {}", command, errand.container).into(),
        })
    }
}
